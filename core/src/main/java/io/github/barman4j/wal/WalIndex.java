package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a recovery can stop at in one segment. A record belongs to the segment in which it ends.
 *
 * @param first start of the first record that ends in the segment, which may lie in an earlier one; {@link Lsn#INVALID} when none
 *     ends here
 * @param last start of the last one; INVALID when none ends here
 * @param end after the last one; after a switch of segments that is the segment's end; INVALID when none ends here
 * @param whole whether records could be read up to the segment's end; false for one that is still being received, and where the log is
 *     damaged
 * @param headless whether a record runs into the segment that could not be read, since the segment before it was not there
 * @param times when transactions ended; empty when none did
 * @param committed the transactions that committed, without their subtransactions, which no recovery can stop at
 * @param aborted the transactions that were rolled back
 * @param restorePoints in order
 * @param timelines those that begin here, in order; more than one only where a promoted server was promoted again at once
 */
public record WalIndex(
    Lsn first,
    Lsn last,
    Lsn end,
    boolean whole,
    boolean headless,
    Optional<TimeRange> times,
    XidSet committed,
    XidSet aborted,
    List<RestorePoint> restorePoints,
    List<TimelineStart> timelines) {

  /** The earliest and the latest time; the log is not ordered by it. Both to the microsecond. */
  public record TimeRange(Instant earliest, Instant latest) {}

  /**
   * A named restore point.
   *
   * @param start the position of its record
   * @param end after its record: where a recovery to it stops
   */
  public record RestorePoint(String name, Lsn start, Lsn end, Instant time) {}

  /** Where a timeline begins: the first record that was written on it. */
  public record TimelineStart(Timeline timeline, Timeline previous, Lsn start) {}

  public WalIndex {
    restorePoints = List.copyOf(restorePoints);
    timelines = List.copyOf(timelines);
  }

  /** Whether a transaction ends here, by its 32-bit id; see {@link XidSet#contains}. */
  public boolean hasXid(long xid) {
    return committed.contains(xid) || aborted.contains(xid);
  }

  /** Whether any transaction ends here. */
  public boolean hasTransactionEnds() {
    return times.isPresent();
  }
}
