package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.List;

/**
 * One thing that was looked at.
 *
 * @param name what was looked at, as in "wal_level"
 * @param found what it is
 * @param hint what to do about it; empty when it passed
 * @param code what a backup that goes on regardless would fail with
 */
public record Finding(String name, Level level, String found, String hint, ErrorCode code) {

  /** How bad it is. */
  public enum Level {
    PASSED,
    /** A backup is possible, and there is something to know. */
    WARNING,
    /** No backup is possible. */
    FAILED
  }

  static Finding passed(String name, String found) {
    return new Finding(name, Level.PASSED, found, "", ErrorCode.PRECONDITION_FAILED);
  }

  static Finding warning(String name, String found, String hint) {
    return new Finding(name, Level.WARNING, found, hint, ErrorCode.PRECONDITION_FAILED);
  }

  static Finding failed(String name, String found, String hint, ErrorCode code) {
    return new Finding(name, Level.FAILED, found, hint, code);
  }

  /** Whether a backup is possible as far as this goes. */
  public boolean passed() {
    return level != Level.FAILED;
  }

  /**
   * Throws what the first failed finding says, if there is one.
   *
   * @param server whose findings they are
   */
  public static void requireAll(List<Finding> findings, String server) {
    for (Finding finding : findings) {
      if (!finding.passed()) {
        throw new BarmanException(
            finding.code(),
            "the server " + server + " is not ready for a backup: " + finding.name() + ": "
                + finding.found(),
            finding.hint());
      }
    }
  }
}
