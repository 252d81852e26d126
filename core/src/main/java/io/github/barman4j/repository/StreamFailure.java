package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.InterruptedWork;
import java.io.IOException;

/** I/O failures of streams that a store gave out. */
final class StreamFailure {
  private StreamFailure() {}

  static BarmanException writing(String object, IOException e) {
    if (InterruptedWork.isCauseOf(e)) {
      return InterruptedWork.in("writing object '" + object + "'", e);
    }
    return new BarmanException(
        ErrorCode.REPOSITORY_IO,
        "writing object '" + object + "' failed: " + e.getMessage(),
        "check free space, quotas and the health of the disk that holds the repository",
        e);
  }

  static BarmanException reading(String object, IOException e) {
    if (InterruptedWork.isCauseOf(e)) {
      return InterruptedWork.in("reading object '" + object + "'", e);
    }
    return new BarmanException(
        ErrorCode.REPOSITORY_IO,
        "reading object '" + object + "' failed: " + e.getMessage(),
        "check the health of the disk that holds the repository",
        e);
  }
}
