package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.MemoryVolume;
import io.github.barman4j.fault.Disk;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A place with little room: a file system in memory where this process may mount one, elsewhere a disk that counts what is written to it.
 */
final class SmallVolume implements AutoCloseable {
  private final Path folder;
  private final @Nullable MemoryVolume memory;
  private final @Nullable Disk disk;

  private SmallVolume(Path folder, @Nullable MemoryVolume memory, @Nullable Disk disk) {
    this.folder = folder;
    this.memory = memory;
    this.disk = disk;
  }

  static SmallVolume of(Stage stage, long bytes) {
    Path folder = stage.newFolder("small");
    return MemoryVolume.mount(folder, bytes)
        .map(mounted -> new SmallVolume(folder, mounted, null))
        .orElseGet(() -> withQuota(folder, stage.path("forced"), bytes));
  }

  /** @param forced is made; the disk keeps there what is durable */
  static SmallVolume withQuota(Path folder, Path forced, long bytes) {
    try {
      SmallVolume volume = new SmallVolume(folder, null, Disk.of(folder, forced));
      volume.resize(bytes);
      return volume;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "no small volume could be made", "see the cause", e);
    }
  }

  /** Where a restore writes to. */
  Path root() {
    return disk == null ? folder : disk.root();
  }

  /** The same place for everybody else. */
  Path folder() {
    return folder;
  }

  /** For the report. */
  String kind() {
    return memory == null ? "a disk with a quota" : "a tmpfs";
  }

  long usableBytes() {
    try {
      FileStore store = Files.getFileStore(root());
      return store.getUsableSpace();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "the room in " + folder + " is unknown", "see the cause", e);
    }
  }

  void resize(long bytes) {
    if (memory != null) {
      memory.resize(bytes);
    }
    if (disk != null) {
      disk.limit(bytes);
    }
  }

  @Override
  public void close() {
    if (memory != null) {
      memory.close();
    }
  }
}
