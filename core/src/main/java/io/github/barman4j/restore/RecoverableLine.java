package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.wal.WalIndex;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Computes what can be reached along one timeline. Pure but for the questions to {@link WalFacts}. */
final class RecoverableLine {
  /** Transactions that end at once write their times into the log in any order. */
  private static final Duration JITTER = Duration.ofSeconds(1);

  private final PlanInput input;
  private final TimelineHistory history;
  private final List<Backup> backups;

  RecoverableLine(PlanInput input, TimelineChoice choice) {
    this.input = input;
    this.history = choice.history();
    this.backups = input.backups().stream()
        .filter(choice::contains)
        .sorted(Comparator.comparing(Backup::endLsn).thenComparing(Backup::id))
        .toList();
  }

  boolean hasBackup() {
    return !backups.isEmpty();
  }

  Recoverability.Line describe() {
    List<Recoverability.Window> windows = new ArrayList<>();
    List<Recoverability.Unusable> unusable = new ArrayList<>();
    List<BackupId> together = new ArrayList<>();
    Backup first = null;
    WalLine line = null;
    for (Backup backup : backups) {
      WalLine own = WalLine.of(input.wal(), history, backup);
      String reason = reasonAgainst(backup, own);
      if (!reason.isEmpty()) {
        unusable.add(new Recoverability.Unusable(backup.id(), reason));
        continue;
      }
      if (first != null && line != null && !own.end().equals(line.end())) {
        windows.add(window(first, line, together));
        together.clear();
        first = null;
      }
      if (first == null) {
        first = backup;
        line = own;
      }
      together.add(backup.id());
    }
    if (first != null && line != null) {
      windows.add(window(first, line, together));
    }
    return new Recoverability.Line(
        history.timeline(),
        history.spans().stream()
            .filter(span -> span.end().isPresent())
            .map(span -> new Recoverability.Fork(span.timeline(), span.end().get()))
            .toList(),
        windows,
        unusable);
  }

  private String reasonAgainst(Backup backup, WalLine line) {
    String damage = input.damaged().get(backup.id());
    if (damage != null) {
      return "it is damaged: " + damage;
    }
    return line.reaches(backup.endLsn())
        ? ""
        : "WAL segment " + line.missing().name() + ", which it needs, " + line.missingBecause();
  }

  private static Recoverability.Window window(Backup first, WalLine line, List<BackupId> together) {
    Lsn last = line.lastStart();
    List<Recoverability.Point> points = new ArrayList<>();
    List<Recoverability.ClockStep> steps = new ArrayList<>();
    Instant latest = null;
    for (WalPiece piece : line.pieces()) {
      WalIndex index = line.index(piece);
      points.addAll(pointsIn(index, first, line.end()));
      Optional<WalIndex.TimeRange> times =
          piece.cut().isPresent() ? Optional.empty() : index.times();
      if (times.isPresent()) {
        step(piece, latest, times.get().earliest()).ifPresent(steps::add);
        Instant here = times.get().latest();
        latest = latest == null || here.isAfter(latest) ? here : latest;
      }
    }
    return new Recoverability.Window(
        first.endLsn(),
        last.isBefore(first.endLsn()) ? Optional.empty() : Optional.of(last),
        line.end(),
        first.finishedAt(),
        StopSearch.lastTime(line),
        together,
        points,
        line.hasGap() ? line.missing().name() : null,
        line.pieces().get(line.pieces().size() - 1).partialFile().isPresent(),
        steps);
  }

  private static List<Recoverability.Point> pointsIn(WalIndex index, Backup first, Lsn end) {
    return index.restorePoints().stream()
        .filter(point -> !point.start().isBefore(first.endLsn()))
        .filter(point -> point.end().compareTo(end) <= 0)
        .map(point -> new Recoverability.Point(point.name(), point.start(), point.time()))
        .toList();
  }

  private static Optional<Recoverability.ClockStep> step(
      WalPiece piece, @Nullable Instant latest, Instant earliest) {
    return latest != null && earliest.isBefore(latest.minus(JITTER))
        ? Optional.of(new Recoverability.ClockStep(piece.segment().start(), latest, earliest))
        : Optional.empty();
  }
}
