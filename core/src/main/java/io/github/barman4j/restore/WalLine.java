package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.TimelineHistory.Span;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalIndex;
import io.github.barman4j.wal.WalPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * All WAL that recovery can read from one backup on along a path, without a gap, the beginning of the next segment included where a
 * receiver has it. Immutable.
 */
final class WalLine {
  private final WalFacts wal;
  private final List<WalPiece> pieces;
  private final WalSegment next;
  private final boolean gap;

  private WalLine(WalFacts wal, List<WalPiece> pieces, WalSegment next, boolean gap) {
    this.wal = wal;
    this.pieces = List.copyOf(pieces);
    this.next = next;
    this.gap = gap;
  }

  static WalLine of(WalFacts wal, TimelineHistory history, Backup backup) {
    Map<WalSegment, Path> spooled = new HashMap<>();
    Map<WalSegment, Path> begun = new HashMap<>();
    for (PartialSegment partial : wal.spooled()) {
      if (partial.whole()) {
        spooled.put(partial.segment(), partial.file());
      } else if (!wal.index(partial.segment()).end().isInvalid()) {
        begun.put(partial.segment(), partial.file());
      }
    }
    WalSegment first = WalCoverage.onPath(
        history,
        WalSegment.containing(backup.beginTimeline(), backup.beginLsn(), backup.segmentSize()));
    WalPath path = wal.whole().follow(history, backup.beginLsn(), backup.segmentSize());
    List<WalPiece> pieces = new ArrayList<>();
    WalSegment next = first;
    for (WalSegment segment : path.segments()) {
      WalSegment asked = WalCoverage.onPath(history, segment);
      boolean younger = !asked.equals(segment);
      pieces.add(new WalPiece(
          segment,
          spooled.get(segment),
          younger ? history.endOf(segment.timeline()).orElse(null) : null));
      next = younger ? asked : WalCoverage.onPath(history, segment.next());
    }
    addTail(pieces, history, next, begun);
    WalSegment absent = next;
    boolean begunBehind = begun.keySet().stream()
        .anyMatch(segment -> segment.number() > absent.number()
            && WalCoverage.onPath(history, segment).equals(segment));
    // One that is damaged never counts as the end of the log.
    boolean damaged = wal.damage(absent).isPresent();
    return new WalLine(wal, pieces, next, path.gap().isPresent() || begunBehind || damaged);
  }

  /** Adds the beginning of the segment after the last one, of the youngest timeline that the path has there. */
  private static void addTail(
      List<WalPiece> pieces,
      TimelineHistory history,
      WalSegment next,
      Map<WalSegment, Path> begun) {
    boolean olderIsThere =
        !pieces.isEmpty() && pieces.get(pieces.size() - 1).segment().number() == next.number();
    if (begun.containsKey(next)) {
      if (olderIsThere) {
        pieces.remove(pieces.size() - 1);
      }
      pieces.add(new WalPiece(next, begun.get(next), null));
    } else if (!olderIsThere) {
      older(history, next, begun).ifPresent(pieces::add);
    }
  }

  private static Optional<WalPiece> older(
      TimelineHistory history, WalSegment next, Map<WalSegment, Path> begun) {
    WalPiece found = null;
    for (Span span : history.spans()) {
      WalSegment segment = next.onTimeline(span.timeline());
      boolean touches = span.end().isPresent()
          && span.start().isBefore(next.end())
          && span.end().get().isAfter(next.start());
      if (touches && begun.containsKey(segment)) {
        found = new WalPiece(segment, begun.get(segment), span.end().get());
      }
    }
    return Optional.ofNullable(found);
  }

  List<WalPiece> pieces() {
    return pieces;
  }

  /** The segment after the last whole one. */
  WalSegment missing() {
    return next;
  }

  /** What is the matter with the segment after the last whole one: "is missing", or what is damaged. */
  String missingBecause() {
    return wal.damage(next).map(damage -> "is damaged: " + damage).orElse("is missing");
  }

  /** Whether there is WAL of the path behind the missing segment, or that segment is there and damaged. */
  boolean hasGap() {
    return gap;
  }

  WalIndex index(WalPiece piece) {
    return wal.index(piece.segment());
  }

  /** The first end of a transaction in a piece, by position, that is of a kind. */
  Optional<WalRecord.TransactionEnd> transactionEnd(
      WalPiece piece, Predicate<WalRecord.TransactionEnd> kind) {
    return wal.transactionEnd(piece.segment(), kind);
  }

  /** Whether recovery can read every byte before a position. */
  boolean reaches(Lsn end) {
    if (pieces.isEmpty()) {
      return false;
    }
    WalPiece last = pieces.get(pieces.size() - 1);
    if (!last.segment().end().isBefore(end) && last.segment().start().isBefore(end)) {
      return !endOf(last).isBefore(end);
    }
    return !last.segment().start().isBefore(end);
  }

  private Lsn endOf(WalPiece piece) {
    Lsn end = wal.whole().contains(piece.segment())
        ? piece.segment().end()
        : index(piece).end();
    return piece.cut().map(cut -> Lsn.min(cut, end)).orElse(end);
  }

  /** Where the last record that can be read ends; the backup's WAL cannot be read at all when it is invalid. */
  Lsn end() {
    for (int i = pieces.size() - 1; i >= 0; i--) {
      WalIndex index = index(pieces.get(i));
      if (!index.end().isInvalid()) {
        return pieces.get(i).cut().map(cut -> Lsn.min(cut, index.end())).orElse(index.end());
      }
    }
    return Lsn.INVALID;
  }

  /** Where the last record that can be read begins: the last position that can be a target; invalid when there is none. */
  Lsn lastStart() {
    for (int i = pieces.size() - 1; i >= 0; i--) {
      WalPiece piece = pieces.get(i);
      if (piece.cut().isEmpty() && !index(piece).last().isInvalid()) {
        return index(piece).last();
      }
    }
    return Lsn.INVALID;
  }

  /** The pieces from the first to the one that holds the last byte before a position. */
  List<WalPiece> upTo(Lsn end) {
    return pieces.stream()
        .filter(piece -> piece.segment().start().isBefore(end))
        .toList();
  }
}
