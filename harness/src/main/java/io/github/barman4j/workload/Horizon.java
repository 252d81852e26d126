package io.github.barman4j.workload;

import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import java.util.Map;

/** Up to where a recovery promised to bring commits back. */
public sealed interface Horizon {

  /** All that was acknowledged must be there, and it must be there whole. */
  record Everything() implements Horizon {}

  /**
   * A recovery target between two positions, which may be equal. What neither lies wholly before the first nor wholly after the
   * second is unknown.
   *
   * @param certainBefore a commit whose end is known to be at or before it must be there
   * @param certainAfter a commit whose begin is known to be at or after it must not be there
   */
  record Position(Lsn certainBefore, Lsn certainAfter) implements Horizon {}

  /**
   * A recovery target by time.
   *
   * <p>A server stops at the first commit record in the log that is later than the target. Times of concurrent commits are not in the
   * order of the log, so a commit must be there only when it is known to lie before a position that was read before the target.
   *
   * @param target by the server's clock
   * @param certainBefore a position read before {@code target}
   * @param commitTimes from the broken server, {@code track_commit_timestamp}; a commit without one is unknown
   */
  record Time(Instant target, Lsn certainBefore, Map<RowKey, Instant> commitTimes)
      implements Horizon {
    public Time {
      commitTimes = Map.copyOf(commitTimes);
    }
  }

  /** Whether an acknowledged commit must have been recovered. */
  default boolean demands(LedgerEntry entry) {
    if (this instanceof Position position) {
      return isAtOrBefore(entry, position.certainBefore());
    }
    if (this instanceof Time time) {
      Instant committed = time.commitTimes().get(entry.row());
      return committed != null
          && !committed.isAfter(time.target())
          && isAtOrBefore(entry, time.certainBefore());
    }
    return true;
  }

  /** Whether a commit must not have been recovered. */
  default boolean forbids(LedgerEntry entry) {
    if (this instanceof Position position) {
      return !entry.before().isInvalid() && !entry.before().isBefore(position.certainAfter());
    }
    if (this instanceof Time time) {
      Instant committed = time.commitTimes().get(entry.row());
      return committed != null && committed.isAfter(time.target());
    }
    return false;
  }

  private static boolean isAtOrBefore(LedgerEntry entry, Lsn position) {
    return !entry.after().isInvalid() && !entry.after().isAfter(position);
  }
}
