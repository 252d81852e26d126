package io.github.barman4j.workload;

import io.github.barman4j.postgres.Lsn;
import java.time.Instant;

/**
 * How one commit ended.
 *
 * @param xid the server's 64-bit transaction id, 0 when the insert already failed
 * @param before an insert position read before COMMIT was sent: the commit record begins there or later; {@link Lsn#INVALID} when
 *     the insert already failed
 * @param after an insert position read after the acknowledgement: the commit record ends there or earlier; {@link Lsn#INVALID}
 *     when it could not be read
 * @param nanos {@link System#nanoTime()} when the outcome was known
 * @param time the client's clock at that moment
 */
public record LedgerEntry(
    RowKey row, Outcome outcome, long xid, Lsn before, Lsn after, long nanos, Instant time) {

  boolean isAcked() {
    return outcome == Outcome.ACKED;
  }

  /** The best known position of the commit. */
  Lsn position() {
    return Lsn.max(before, after);
  }
}
