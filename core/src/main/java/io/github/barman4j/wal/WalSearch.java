package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalRecord.TransactionEnd;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Answers where a recovery would stop, from the indexes of the segments that it would read: the archive's, and those of a spool, which
 * are read on the spot. Of a segment in which something is found the records are read once more for the exact position.
 *
 * <p>Only records from {@code begin} on count, and none behind the point where the log breaks off. Not thread-safe; looks at the
 * spool as it was when the object was made.
 */
public final class WalSearch {
  private final WalPath path;
  private final PathLog log;
  private @Nullable Summary summary;

  /**
   * A transaction's end at which a recovery stops: before its record, or after it.
   *
   * @param start where the record starts
   * @param end after the record
   * @param time the server's clock, to the microsecond
   */
  public record TransactionStop(Lsn start, Lsn end, long xid, Instant time, boolean committed) {}

  /** What one pass over all indexes has shown. */
  private record Summary(
      int usable,
      int lastWithRecord,
      int lastWithTransaction,
      Optional<TimeRange> times,
      List<RestorePoint> points) {}

  private WalSearch(WalPath path, PathLog log) {
    this.path = path;
    this.log = log;
  }

  /**
   * Everything that a recovery can read from a position on, on the path that ends with a history's timeline.
   *
   * @param spool what the receiver has that the archive does not have yet
   * @param begin where the recovery begins to read: the redo position of a backup
   */
  public static WalSearch along(
      WalArchive archive,
      TimelineHistory history,
      Lsn begin,
      Collection<PartialSegment> spool,
      WalSegmentSize size) {
    List<WalSegment> segments = new ArrayList<>(archive.segments());
    List<PartialSegment> unarchived = new ArrayList<>();
    for (PartialSegment partial : spool) {
      if (!archive.contains(partial.segment())) {
        segments.add(partial.segment());
        unarchived.add(partial);
      }
    }
    WalPath path = WalCoverage.of(segments).follow(history, begin, size);
    return new WalSearch(path, new PathLog(archive, path, unarchived, begin));
  }

  /** The segments that a recovery reads, those of the spool included. */
  public WalPath path() {
    return path;
  }

  /**
   * Where a recovery to a time stops: before the first end of a transaction that is later. Empty when there is none: the recovery
   * would come to the end of the log and fail.
   *
   * @param inclusive false stops at one of exactly that time too (recovery_target_inclusive; xlogrecovery.c,
   *     recoveryStopsBefore, 15–18)
   */
  public Optional<TransactionStop> firstAfter(Instant time, boolean inclusive) {
    Predicate<Instant> beyond =
        inclusive ? other -> other.isAfter(time) : other -> !other.isBefore(time);
    for (int i = 0; i < summary().usable(); i++) {
      Optional<TimeRange> times = log.index(i).times();
      if (times.isPresent() && beyond.test(times.get().latest())) {
        Optional<TransactionStop> found = first(i, ending -> beyond.test(ending.time()));
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** The first end of a transaction with an id, of which the lower 32 bits count; empty when it does not end in this log. */
  public Optional<TransactionStop> transaction(long xid) {
    for (int i = 0; i < summary().usable(); i++) {
      if (log.index(i).hasXid(xid)) {
        Optional<TransactionStop> found = first(i, ending -> (int) ending.xid() == (int) xid);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  /** The first restore point of that name. */
  public Optional<RestorePoint> restorePoint(String name) {
    return restorePoints().stream().filter(point -> point.name().equals(name)).findFirst();
  }

  /** All restore points, in the log's order. */
  public List<RestorePoint> restorePoints() {
    return summary().points();
  }

  /** The last end of a transaction. */
  public Optional<TransactionStop> lastTransaction() {
    for (int i = summary().lastWithTransaction(); i >= 0; i--) {
      if (log.index(i).hasTransactionEnds()) {
        Optional<WalRecord> last = log.findLast(i, TransactionEnd.class::isInstance);
        if (last.isPresent()) {
          return last.map(WalSearch::stopAt);
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The start of the last whole record: the last position that a recovery to a position can be given (xlogrecovery.c,
   * recoveryStopsAfter, 15–18). Empty when there is no record.
   */
  public Optional<Lsn> lastRecord() {
    return lastWhole().map(WalRecord::start);
  }

  /** After the last whole record: how far a recovery to the latest comes. Empty when there is no record. */
  public Optional<Lsn> end() {
    return lastWhole().map(WalRecord::end);
  }

  /**
   * The earliest and the latest time at which a transaction ended in the segments that are read, the part of the first one before
   * {@code begin} included.
   */
  public Optional<TimeRange> times() {
    return summary().times();
  }

  private Optional<TransactionStop> first(int at, Predicate<TransactionEnd> wanted) {
    return log.find(at, record -> record instanceof TransactionEnd ending && wanted.test(ending))
        .map(WalSearch::stopAt);
  }

  private static TransactionStop stopAt(WalRecord record) {
    TransactionEnd ending = (TransactionEnd) record;
    return new TransactionStop(
        ending.start(), ending.end(), ending.xid(), ending.time(), ending.committed());
  }

  private Optional<WalRecord> lastWhole() {
    Optional<WalRecord> last = Optional.empty();
    for (int i = summary().lastWithRecord(); i >= 0 && last.isEmpty(); i--) {
      last = log.findLast(i, record -> true);
    }
    return last;
  }

  private Summary summary() {
    Summary known = summary;
    if (known == null) {
      known = summarize();
      summary = known;
    }
    return known;
  }

  private Summary summarize() {
    int usable = 0;
    int lastWithRecord = -1;
    int lastWithTransaction = -1;
    Optional<TimeRange> times = Optional.empty();
    List<RestorePoint> points = new ArrayList<>();
    boolean whole = true;
    while (whole && usable < path.segments().size()) {
      WalIndex index = log.index(usable);
      lastWithRecord = index.last().isInvalid() ? lastWithRecord : usable;
      lastWithTransaction = index.hasTransactionEnds() ? usable : lastWithTransaction;
      times = union(times, index.times());
      index.restorePoints().stream()
          .filter(point -> log.counts(point.start(), point.end()))
          .forEach(points::add);
      whole = index.whole();
      usable++;
    }
    return new Summary(usable, lastWithRecord, lastWithTransaction, times, List.copyOf(points));
  }

  private static Optional<TimeRange> union(Optional<TimeRange> one, Optional<TimeRange> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.or(() -> other);
    }
    TimeRange a = one.get();
    TimeRange b = other.get();
    return Optional.of(new TimeRange(
        a.earliest().isBefore(b.earliest()) ? a.earliest() : b.earliest(),
        a.latest().isAfter(b.latest()) ? a.latest() : b.latest()));
  }
}
