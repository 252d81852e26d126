package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Whether a directory may become a data directory or a tablespace: empty, or not there and creatable. Changes nothing for good. */
final class DirectoryCheck {
  /** What the name of a file begins with that is made to see whether it can be. */
  static final String PROBE = ".barman-probe-";

  private DirectoryCheck() {}

  /**
   * Refuses a data directory that is in use, holds what may not be overwritten, or cannot be written.
   *
   * @param delta whether a cluster of the backup's system identifier may be overwritten
   * @return what will be overwritten
   * @throws BarmanException RESTORE_DIRECTORY_RUNNING, RESTORE_DIRECTORY_NOT_EMPTY, RESTORE_DIRECTORY_UNWRITABLE, RESTORE_OTHER_SYSTEM,
   *     RESTORE_VERSION
   */
  static Occupant dataDirectory(Path directory, Backup backup, boolean delta) throws IOException {
    Occupant found = new Occupant.Nothing();
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      requireDirectory(directory, "the restore directory");
      RunningServer.refuse(directory);
      if (!isEmpty(directory)) {
        found = ExistingCluster.in(directory, backup, delta);
      }
    }
    requireWritable(directory, "the restore directory");
    return found;
  }

  /**
   * Refuses a tablespace's location likewise.
   *
   * @param how how it was chosen
   * @param ours whether the data directory that is overwritten has this tablespace there
   */
  static void tablespace(String name, Path location, String how, boolean ours) throws IOException {
    String what = "the location of tablespace '" + name + "'";
    String hint = "map it to an empty directory: barman.tablespaces=" + name + "=/new/location.";
    if (Files.exists(location, LinkOption.NOFOLLOW_LINKS)) {
      requireDirectory(location, what);
      if (!ours && !isEmpty(location)) {
        throw new BarmanException(
            ErrorCode.TABLESPACE_NOT_MAPPED,
            what + ", " + location + " (" + how + "), is not empty",
            hint);
      }
    }
    requireWritable(location, what);
  }

  private static void requireDirectory(Path directory, String what) {
    if (!Files.isDirectory(directory)) {
      throw new BarmanException(
          ErrorCode.RESTORE_DIRECTORY_UNWRITABLE,
          what + ", " + directory + ", is not a directory",
          "name a directory that is empty or not there yet.");
    }
  }

  /** What a process of ours that was killed at its very beginning has left does not count. */
  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(
        directory, entry -> !isLeftover(String.valueOf(entry.getFileName())))) {
      return !entries.iterator().hasNext();
    } catch (AccessDeniedException e) {
      throw unwritable(directory, "the directory", "it may not be read", e);
    }
  }

  private static boolean isLeftover(String name) {
    return name.startsWith(PROBE) || name.startsWith(DurableFile.TEMPORARY_PREFIX);
  }

  /** Tries it: permission bits do not tell about read-only file systems, access lists and root. */
  private static void requireWritable(Path directory, String what) throws IOException {
    Path existing = existing(directory);
    if (!Files.isDirectory(existing)) {
      throw unwritable(directory, what, existing + " is not a directory", null);
    }
    try {
      Files.delete(Files.createTempFile(existing, PROBE, null));
    } catch (FileSystemException e) {
      String reason = e instanceof AccessDeniedException
          ? "permission denied"
          : e.getReason() == null ? e.toString() : e.getReason();
      throw unwritable(directory, what, "nothing can be written in " + existing + ": " + reason, e);
    }
  }

  /** The directory itself, or the nearest one above it that is there. */
  static Path existing(Path directory) {
    Path at = directory;
    while (!Files.exists(at)) {
      at = at.getParent();
      if (at == null) {
        throw new IllegalArgumentException(directory + " has no parent that exists");
      }
    }
    return at;
  }

  private static BarmanException unwritable(
      Path directory, String what, String reason, @Nullable Throwable cause) {
    return new BarmanException(
        ErrorCode.RESTORE_DIRECTORY_UNWRITABLE,
        what + ", " + directory + ", cannot be written: " + reason,
        "run the restore as a user who may write there, or name another directory.",
        cause);
  }
}
