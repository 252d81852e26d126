package io.github.barman4j.receive;

import io.github.barman4j.DurableFile;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The newest archived segments of a spool, kept as plain files in its folder {@code recent}: together with the partial segment they are
 * what a standby's {@code restore_command} reads when its primary is gone. Nothing depends on them, the archive has them all.
 *
 * <p>A segment's file is found first as {@code <segment>.partial}, then under its own name, then in {@code recent}: who looks in this
 * order misses none that moves on meanwhile. Used by one thread.
 */
final class RecentSegments {
  static final String FOLDER = "recent";

  private final Path folder;
  private final int kept;

  /** @param kept how many segments stay at most; 0 removes each, and what an earlier receiver has kept */
  RecentSegments(Path spool, int kept) {
    this.folder = spool.resolve(FOLDER);
    this.kept = kept;
  }

  /**
   * Makes the folder, or removes it when none is kept. Who may read the spool may read the folder.
   *
   * @throws IOException when the spool cannot be written
   */
  void prepare(Path spool) throws IOException {
    if (kept > 0 && !Files.isDirectory(folder)) {
      DurableFile.createDirectories(folder);
      Files.setPosixFilePermissions(folder, Files.getPosixFilePermissions(spool));
    }
    removeOldest();
    if (kept == 0) {
      Files.deleteIfExists(folder);
    }
  }

  /** Takes an archived segment out of the spool. May be repeated after a failure. */
  void retire(Path file) throws IOException {
    if (kept == 0 || !Files.exists(file)) {
      DurableFile.delete(file);
      return;
    }
    DurableFile.rename(file, folder.resolve(file.getFileName()));
    removeOldest();
  }

  private void removeOldest() throws IOException {
    List<Path> segments = segments();
    for (Path oldest : segments.subList(0, Math.max(0, segments.size() - kept))) {
      DurableFile.delete(oldest);
    }
  }

  /** By timeline, then by position: the order of the names. */
  private List<Path> segments() throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> WalSegment.isName(String.valueOf(file.getFileName())))
          .sorted()
          .toList();
    }
  }
}
