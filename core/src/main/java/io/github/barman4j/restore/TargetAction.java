package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.Locale;

/** What the server does when it has reached the target (manual, section 20.5.5, recovery_target_action). */
public enum TargetAction {
  /** Ends recovery and takes writes. */
  PROMOTE,
  /** Waits, readable, until pg_wal_replay_resume() ends recovery. */
  PAUSE,
  /** Stops; the next start goes on from there. */
  SHUTDOWN;

  /** @throws BarmanException (TARGET_INVALID) for any other word than promote, pause and shutdown */
  public static TargetAction parse(String text) {
    for (TargetAction action : values()) {
      if (action.setting().equals(text.toLowerCase(Locale.ROOT))) {
        return action;
      }
    }
    throw new BarmanException(
        ErrorCode.TARGET_INVALID,
        "'" + text + "' is no target action",
        "barman.targetAction is promote, pause or shutdown.");
  }

  /** The word that the server's setting has. */
  String setting() {
    return name().toLowerCase(Locale.ROOT);
  }
}
