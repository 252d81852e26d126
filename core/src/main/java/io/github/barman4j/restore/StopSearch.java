package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the records at which a recovery stops. Pure.
 *
 * <p>The rules are the server's (xlogrecovery.c, recoveryStopsBefore and recoveryStopsAfter, 15–18): by LSN at the first record that
 * <em>begins</em> at or after it; by time before the first end of a transaction, committed or not, that is later (or not earlier, when
 * the target is exclusive); by transaction id at its end, by name after the first restore point that is called so. When no such record
 * comes, the server gives up with FATAL at the end of the WAL.
 */
final class StopSearch {
  /** Transactions that end at once write their times into the log in any order. */
  private static final Duration JITTER = Duration.ofSeconds(1);

  private StopSearch() {}

  /** A record that a target means. */
  record Occurrence(Lsn start, Lsn end, Instant time) {}

  /** All ends of a transaction on a path, in order. Ids come back after four thousand million transactions. */
  static List<Occurrence> ofTransaction(WalFacts wal, TimelineHistory history, long xid) {
    List<Occurrence> found = new ArrayList<>();
    for (WalSegment segment : segments(wal, history)) {
      if (wal.index(segment).hasXid(xid)) {
        wal.transactionEnd(segment, xid)
            .map(end -> new Occurrence(end.start(), end.end(), end.time()))
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /** All restore points of a name on a path, in order. */
  static List<Occurrence> ofName(WalFacts wal, TimelineHistory history, String name) {
    List<Occurrence> found = new ArrayList<>();
    for (WalSegment segment : segments(wal, history)) {
      for (WalIndex.RestorePoint point : wal.index(segment).restorePoints()) {
        if (point.name().equals(name)) {
          found.add(new Occurrence(point.start(), point.end(), point.time()));
        }
      }
    }
    return found;
  }

  private static List<WalSegment> segments(WalFacts wal, TimelineHistory history) {
    List<WalSegment> segments = new ArrayList<>();
    for (WalCoverage.Range range : wal.whole().ranges()) {
      WalSegment segment = range.first();
      for (long i = 0; i < range.count(); i++, segment = segment.next()) {
        add(segments, history, segment);
      }
    }
    for (PartialSegment partial : wal.spooled()) {
      if (!wal.whole().contains(partial.segment())) {
        add(segments, history, partial.segment());
      }
    }
    segments.sort(Comparator.comparingLong(WalSegment::number));
    return segments;
  }

  private static void add(List<WalSegment> segments, TimelineHistory history, WalSegment segment) {
    if (WalCoverage.onPath(history, segment).equals(segment)) {
      segments.add(segment);
    }
  }

  /** What recovery needs to stop at a position; empty when no record begins at or after it. */
  static Optional<List<WalPiece>> atLsn(WalLine line, Lsn target) {
    List<WalPiece> pieces = line.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      WalPiece piece = pieces.get(i);
      boolean candidate = piece.cut().isEmpty() && piece.segment().end().isAfter(target);
      if (candidate && !line.index(piece).last().isBefore(target)) {
        return Optional.of(pieces.subList(0, i + 1));
      }
    }
    return Optional.empty();
  }

  /**
   * What recovery needs to stop at a moment; empty when no transaction ended later.
   *
   * <p>The log is not ordered by time: the server's clock can go back. What counts is the first end of a transaction, by position, that is
   * late enough. {@link #stopBeforeEnd} must be empty for the backup.
   */
  static Optional<List<WalPiece>> atTime(
      WalLine line, Backup backup, RecoveryTarget.AtTime target) {
    List<WalPiece> pieces = line.pieces();
    for (int i = 0; i < pieces.size(); i++) {
      WalPiece piece = pieces.get(i);
      if (mayStopIn(line, piece, target)
          && (!piece.segment().start().isBefore(backup.endLsn())
              || stopIn(line, piece, backup.beginLsn(), target).isPresent())) {
        return Optional.of(pieces.subList(0, i + 1));
      }
    }
    return Optional.empty();
  }

  /**
   * Where recovery from a backup would stop before it has reached the backup's end, with FATAL: a transaction in the backup's own log
   * ended later than the target, although the backup ended earlier, since the clock went back meanwhile.
   */
  static Optional<Occurrence> stopBeforeEnd(
      WalLine line, Backup backup, RecoveryTarget.AtTime target) {
    for (WalPiece piece : line.upTo(backup.endLsn())) {
      if (mayStopIn(line, piece, target)) {
        Optional<Occurrence> stop = stopIn(line, piece, backup.beginLsn(), target);
        if (stop.isPresent()) {
          return stop.filter(found -> found.start().isBefore(backup.endLsn()));
        }
      }
    }
    return Optional.empty();
  }

  /** Whether transactions end after a piece that ended before the target: then its time comes twice. */
  static boolean comesAgain(WalLine line, List<WalPiece> needed, RecoveryTarget.AtTime target) {
    Instant clearlyBefore = target.time().minus(JITTER);
    return line.pieces().subList(needed.size(), line.pieces().size()).stream()
        .filter(piece -> piece.cut().isEmpty())
        .anyMatch(piece -> line.index(piece)
            .times()
            .filter(times -> times.earliest().isBefore(clearlyBefore))
            .isPresent());
  }

  private static boolean mayStopIn(WalLine line, WalPiece piece, RecoveryTarget.AtTime target) {
    return piece.cut().isEmpty()
        && line.index(piece)
            .times()
            .filter(times -> stopsAt(times.latest(), target))
            .isPresent();
  }

  private static Optional<Occurrence> stopIn(
      WalLine line, WalPiece piece, Lsn from, RecoveryTarget.AtTime target) {
    return line.transactionEnd(
            piece, end -> !end.start().isBefore(from) && stopsAt(end.time(), target))
        .map(end -> new Occurrence(end.start(), end.end(), end.time()));
  }

  private static boolean stopsAt(Instant ended, RecoveryTarget.AtTime target) {
    return target.inclusive() ? ended.isAfter(target.time()) : !ended.isBefore(target.time());
  }

  /** When the last transactions ended that recovery can see; empty when none did. */
  static Optional<Instant> lastTime(WalLine line) {
    List<WalPiece> pieces = line.pieces();
    for (int i = pieces.size() - 1; i >= 0; i--) {
      Optional<WalIndex.TimeRange> times = pieces.get(i).cut().isPresent()
          ? Optional.empty()
          : line.index(pieces.get(i)).times();
      if (times.isPresent()) {
        return times.map(WalIndex.TimeRange::latest);
      }
    }
    return Optional.empty();
  }
}
