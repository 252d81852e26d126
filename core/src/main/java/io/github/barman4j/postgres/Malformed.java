package io.github.barman4j.postgres;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/** The exceptions that texts and bytes of this package's formats are refused with. */
final class Malformed {
  private Malformed() {}

  static BarmanException value(String problem, String hint) {
    return new BarmanException(ErrorCode.INVALID_VALUE, problem, hint);
  }

  static BarmanException history(String problem, String hint) {
    return new BarmanException(ErrorCode.TIMELINE_HISTORY_INVALID, problem, hint);
  }
}
