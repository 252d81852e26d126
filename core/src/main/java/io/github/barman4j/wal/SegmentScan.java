package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalRecord.Checkpoint;
import io.github.barman4j.postgres.WalRecord.EndOfRecovery;
import io.github.barman4j.postgres.WalRecord.TransactionEnd;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalStop.Reason;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import io.github.barman4j.wal.WalIndex.TimelineStart;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records that end in one segment into its index, from a reader that has come to the segment's beginning or starts there.
 * Memory does not grow with the segment. Used once.
 */
final class SegmentScan {
  private final WalSegment segment;
  private final XidSet.Builder committed = new XidSet.Builder();
  private final XidSet.Builder aborted = new XidSet.Builder();
  private final List<RestorePoint> restorePoints = new ArrayList<>();
  private final List<TimelineStart> timelines = new ArrayList<>();
  private Lsn first = Lsn.INVALID;
  private Lsn last = Lsn.INVALID;
  private Lsn end = Lsn.INVALID;
  private @Nullable Instant earliest;
  private @Nullable Instant latest;

  SegmentScan(WalSegment segment) {
    this.segment = segment;
  }

  /**
   * Reads to the end of the segment, or as far as its records are whole.
   *
   * @param headless whether the reader does not know the record that runs into the segment
   * @throws IOException when the source fails
   */
  WalIndex read(WalReader reader, boolean headless) throws IOException {
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      add(record);
    }
    boolean whole =
        reader.stop().reason() == Reason.END_OF_DATA && reader.dataEnd().equals(segment.end());
    Optional<TimeRange> times = earliest == null || latest == null
        ? Optional.empty()
        : Optional.of(new TimeRange(earliest, latest));
    return new WalIndex(
        first,
        last,
        end,
        whole,
        headless,
        times,
        committed.build(),
        aborted.build(),
        restorePoints,
        timelines);
  }

  private void add(WalRecord record) {
    if (first.isInvalid()) {
      first = record.start();
    }
    last = record.start();
    end = record.end();
    if (record instanceof TransactionEnd ending) {
      (ending.committed() ? committed : aborted).add(ending.xid());
      Instant time = ending.time();
      earliest = earliest == null || time.isBefore(earliest) ? time : earliest;
      latest = latest == null || time.isAfter(latest) ? time : latest;
    } else if (record instanceof WalRecord.RestorePoint point) {
      restorePoints.add(new RestorePoint(point.name(), point.start(), point.end(), point.time()));
    } else if (record instanceof EndOfRecovery begin) {
      timelines.add(new TimelineStart(begin.timeline(), begin.previous(), begin.start()));
    } else if (record instanceof Checkpoint begin && !begin.previous().equals(begin.timeline())) {
      timelines.add(new TimelineStart(begin.timeline(), begin.previous(), begin.start()));
    }
  }
}
