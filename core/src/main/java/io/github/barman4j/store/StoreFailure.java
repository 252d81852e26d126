package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.InterruptedWork;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;

/** The exceptions of this package: what was tried on which object, and why it failed. */
final class StoreFailure {
  private StoreFailure() {}

  static BarmanException missing(String key, String place, Throwable cause) {
    return new BarmanException(
        ErrorCode.OBJECT_MISSING,
        "object '" + key + "' is missing in " + place,
        "was it deleted or moved by hand? restore the file from a copy of the repository",
        cause);
  }

  static BarmanException tooShort(String key, long offset, int expected, int found) {
    return new IntegrityException(
        ErrorCode.REPOSITORY_DAMAGED,
        "object '" + key + "' ends early: at offset " + offset + " it has " + found
            + " bytes instead of " + expected,
        "restore the object from a copy of the repository, and check the disk");
  }

  static BarmanException reading(String key, String place, IOException e) {
    if (e instanceof NoSuchFileException) {
      return missing(key, place, e);
    }
    return failed("reading", key, place, e);
  }

  static BarmanException writing(String key, String place, Throwable e) {
    return failed("writing", key, place, e);
  }

  static BarmanException deleting(String key, String place, IOException e) {
    return failed("deleting", key, place, e);
  }

  private static BarmanException failed(String what, String key, String place, Throwable e) {
    if (InterruptedWork.isCauseOf(e)) {
      return InterruptedWork.in(what + " object '" + key + "' in " + place, e);
    }
    String problem = what + " object '" + key + "' in " + place + " failed: " + reason(e);
    if (e instanceof AccessDeniedException || isReadOnly(e)) {
      return new BarmanException(
          ErrorCode.REPOSITORY_UNWRITABLE,
          problem,
          "let the user that runs this own the repository's directory, on a file system that is mounted read-write; barman.readOnly reads from one that is not",
          e);
    }
    return new BarmanException(
        ErrorCode.REPOSITORY_IO,
        problem,
        "check free space, quotas and the health of the disk that holds the repository",
        e);
  }

  /** EROFS has no exception of its own on Unix; the reason, strerror's text, is then all that tells it. */
  private static boolean isReadOnly(Throwable e) {
    String text = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return e instanceof ReadOnlyFileSystemException
        || e instanceof IOException && text != null && text.contains("Read-only file system");
  }

  private static String reason(Throwable e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
