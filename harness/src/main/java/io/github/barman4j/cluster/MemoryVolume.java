package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A small file system in memory (tmpfs), where this process may mount one. {@link #close()} unmounts it. */
public final class MemoryVolume implements AutoCloseable {
  private final Path folder;

  private MemoryVolume(Path folder) {
    this.folder = folder;
  }

  /**
   * @param folder exists and is empty
   * @return empty where nothing may be mounted
   */
  public static Optional<MemoryVolume> mount(Path folder, long bytes) {
    Command.Result result = Command.run(
        List.of("mount", "-t", "tmpfs", "-o", options(bytes), "tmpfs", folder.toString()), null);
    return result.succeeded() ? Optional.of(new MemoryVolume(folder)) : Optional.empty();
  }

  private static String options(long bytes) {
    return "size=" + bytes + ",mode=755";
  }

  /** Makes room, what is there stays. */
  public void resize(long bytes) {
    require(
        Command.run(List.of("mount", "-o", "remount," + options(bytes), folder.toString()), null));
  }

  @Override
  public void close() {
    // A server's last process may still be on its way out.
    require(Command.run(List.of("umount", "-l", folder.toString()), null));
  }

  private void require(Command.Result result) {
    if (!result.succeeded()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "the volume at " + folder + " could not be changed: " + result.output(),
          "unmount it by hand when it is still there");
    }
  }
}
