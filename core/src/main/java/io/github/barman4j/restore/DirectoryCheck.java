package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Whether a directory may become a data directory or a tablespace: empty, or not there and creatable. Changes nothing for good. */
final class DirectoryCheck {
  private DirectoryCheck() {}

  /**
   * Refuses a data directory that is in use, holds anything, or cannot be written.
   *
   * @throws BarmanException RESTORE_DIRECTORY_RUNNING, RESTORE_DIRECTORY_NOT_EMPTY, RESTORE_DIRECTORY_UNWRITABLE
   */
  static void dataDirectory(Path directory) throws IOException {
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      requireDirectory(directory, "the restore directory");
      OptionalLong server = runningServer(directory);
      if (server.isPresent()) {
        throw new BarmanException(
            ErrorCode.RESTORE_DIRECTORY_RUNNING,
            "a PostgreSQL server runs on " + directory + " (process " + server.getAsLong() + ")",
            "restore into another directory; stop the server first if this one is to be replaced.");
      }
      if (!isEmpty(directory)) {
        throw notEmpty(directory);
      }
    }
    requireWritable(directory, "the restore directory");
  }

  /** Refuses a tablespace's location likewise; {@code how} says how it was chosen. */
  static void tablespace(String name, Path location, String how) throws IOException {
    String what = "the location of tablespace '" + name + "'";
    String hint = "map it to an empty directory: barman.tablespaces=" + name + "=/new/location.";
    if (Files.exists(location, LinkOption.NOFOLLOW_LINKS)) {
      requireDirectory(location, what);
      if (!isEmpty(location)) {
        throw new BarmanException(
            ErrorCode.TABLESPACE_NOT_MAPPED,
            what + ", " + location + " (" + how + "), is not empty",
            hint);
      }
    }
    requireWritable(location, what);
  }

  private static BarmanException notEmpty(Path directory) throws IOException {
    Path marker = directory.resolve(RestoreMarker.FILE_NAME);
    if (Files.exists(marker)) {
      return new BarmanException(
          ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
          "the restore directory " + directory + " holds an unfinished restore ("
              + Files.readString(marker, StandardCharsets.UTF_8).strip() + ")",
          "delete its content and restore again; PostgreSQL cannot be started on it.");
    }
    return new BarmanException(
        ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY,
        "the restore directory " + directory + " is not empty",
        "name an empty directory, or one that is not there yet, in barman.restoreTo.");
  }

  private static void requireDirectory(Path directory, String what) {
    if (!Files.isDirectory(directory)) {
      throw new BarmanException(
          ErrorCode.RESTORE_DIRECTORY_UNWRITABLE,
          what + ", " + directory + ", is not a directory",
          "name a directory that is empty or not there yet.");
    }
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      return !entries.iterator().hasNext();
    } catch (AccessDeniedException e) {
      throw unwritable(directory, "the directory", "it may not be read", e);
    }
  }

  /** Tries it: permission bits do not tell about read-only file systems, access lists and root. */
  private static void requireWritable(Path directory, String what) throws IOException {
    Path existing = existing(directory);
    if (!Files.isDirectory(existing)) {
      throw unwritable(directory, what, existing + " is not a directory", null);
    }
    try {
      Files.delete(Files.createTempFile(existing, ".barman-probe-", null));
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

  /** The server's process id by postmaster.pid, if that process lives (manual, section 19.1). */
  private static OptionalLong runningServer(Path directory) throws IOException {
    Path file = directory.resolve("postmaster.pid");
    if (!Files.isReadable(file)) {
      return OptionalLong.empty();
    }
    String first =
        Files.readString(file, StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    if (!first.strip().matches("[0-9]{1,18}")) {
      return OptionalLong.empty();
    }
    long process = Long.parseLong(first.strip());
    boolean lives = ProcessHandle.of(process).map(ProcessHandle::isAlive).orElse(false);
    return lives ? OptionalLong.of(process) : OptionalLong.empty();
  }
}
