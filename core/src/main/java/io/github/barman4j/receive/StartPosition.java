package io.github.barman4j.receive;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalCoverage.Range;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Where to begin receiving: always at the start of a segment. Pure.
 *
 * <p>What the slot keeps is taken first, without what the archive has of it already, but for the last segment: when the server sends
 * another one, it is not the server that the archive is of. Where the archive or the spool ends before
 * that, its end is tried once: the server may still have the WAL in between.
 *
 * @param attempts in the order in which they are tried, one or two; when the first is refused because the server no longer has that
 *     WAL, what lies before the second is lost
 */
record StartPosition(List<WalSegment> attempts) {
  StartPosition {
    attempts = List.copyOf(attempts);
  }

  /**
   * @param history of the server's timeline
   * @param archived the archive's segments
   * @param spooled the spool's, whole or not
   * @param kept the first position that the slot keeps; empty when it keeps none
   * @param flushed the server's position
   */
  static StartPosition decide(
      TimelineHistory history,
      WalCoverage archived,
      Collection<PartialSegment> spooled,
      Optional<Lsn> kept,
      Lsn flushed,
      WalSegmentSize size) {
    WalCoverage whole = archived.plus(spooled.stream()
        .filter(PartialSegment::whole)
        .map(PartialSegment::segment)
        .toList());
    List<WalSegment> partials = spooled.stream()
        .filter(segment -> !segment.whole())
        .map(PartialSegment::segment)
        .toList();
    Optional<WalSegment> held = endOfHeld(history, whole, partials, size);
    if (kept.isEmpty()) {
      WalSegment current = at(history, flushed, size);
      return held.filter(segment -> segment.number() < current.number())
          .map(segment -> new StartPosition(List.of(segment, current)))
          .orElseGet(() -> new StartPosition(List.of(held.orElse(current))));
    }
    WalSegment first = at(history, kept.get(), size);
    WalSegment last = null;
    WalSegment next = first;
    while (whole.contains(next)) {
      last = archived.contains(next) ? next : null;
      next = WalCoverage.onPath(history, next.next());
    }
    // What was received before is compared with what comes: by the partial segment, or by the last
    // one of the archive once more.
    WalSegment resumed = last == null || partials.contains(next) ? next : last;
    return held.filter(segment -> segment.number() < first.number())
        .map(segment -> new StartPosition(List.of(segment, resumed)))
        .orElseGet(() -> new StartPosition(List.of(resumed)));
  }

  /** The first segment after all that is held on the server's path, or the partial one that ends it. */
  private static Optional<WalSegment> endOfHeld(
      TimelineHistory history,
      WalCoverage whole,
      Collection<WalSegment> partials,
      WalSegmentSize size) {
    Optional<WalSegment> end = Optional.empty();
    for (Range range : whole.ranges()) {
      long last = range.last().number();
      Optional<Lsn> left = history.endOf(range.first().timeline());
      if (left.isPresent()) {
        last = Math.min(
            last, WalSegment.containing(history.timeline(), left.get(), size).number() - 1);
      }
      if (history.contains(range.first().timeline()) && last >= range.first().number()) {
        end = later(
            end, WalCoverage.onPath(history, new WalSegment(history.timeline(), last + 1, size)));
      }
    }
    for (WalSegment partial : partials) {
      if (WalCoverage.onPath(history, partial).equals(partial)) {
        end = later(end, partial);
      }
    }
    return end;
  }

  private static Optional<WalSegment> later(Optional<WalSegment> a, WalSegment b) {
    return a.isPresent() && a.get().number() >= b.number() ? a : Optional.of(b);
  }

  private static WalSegment at(TimelineHistory history, Lsn lsn, WalSegmentSize size) {
    return WalCoverage.onPath(history, WalSegment.containing(history.timeline(), lsn, size));
  }
}
