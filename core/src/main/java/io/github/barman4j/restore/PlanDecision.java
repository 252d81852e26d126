package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.restore.StopSearch.Occurrence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * How a plan is decided. Pure but for the questions to {@link WalFacts}. Used once.
 *
 * <ol>
 *   <li>The line of history: the latest one that a backup belongs to, unless the user named one.
 *   <li>Where the target lies on it, if that can be told without a backup: by transaction and by name.
 *   <li>The backup: the newest on that line that ends at or before the target and whose own WAL is complete.
 *   <li>The WAL from its beginning to the record at which recovery stops.
 * </ol>
 */
final class PlanDecision {
  private final PlanInput input;
  private final WalFacts wal;
  private final RecoveryTarget target;
  private final Refusals refusals;
  private final List<String> reasons = new ArrayList<>();
  private final List<String> passedOver = new ArrayList<>();

  PlanDecision(PlanInput input) {
    this.input = input;
    this.wal = input.wal();
    this.target = input.target();
    this.refusals = new Refusals(input);
  }

  RestorePlan decide() {
    if (input.backups().isEmpty()) {
      throw refusals.noBackup();
    }
    TimelineChoice choice = TimelineChoice.of(input);
    reasons.add(timelineReason(choice.history()));
    Optional<Occurrence> occurrence = occurrence(choice.history());
    Backup backup = chooseBackup(choice, occurrence.orElse(null));
    WalLine line = WalLine.of(wal, choice.history(), backup);
    List<WalPiece> pieces = pieces(backup, line, occurrence.orElse(null));
    tellUnreadable(backup);
    reasons.add(walReason(pieces));
    return new RestorePlan(
        backup,
        target,
        choice.history(),
        choice.setting(),
        pieces,
        wal.histories(),
        line.end(),
        fallbacks(backup),
        reasons);
  }

  /** Where a transaction ends or a restore point is, if such is the target; there must be exactly one that recovery can meet. */
  private Optional<Occurrence> occurrence(TimelineHistory history) {
    List<Occurrence> all;
    if (target instanceof RecoveryTarget.AtXid at) {
      all = StopSearch.ofTransaction(wal, history, at.shortXid());
    } else if (target instanceof RecoveryTarget.AtName at) {
      all = StopSearch.ofName(wal, history, at.name());
    } else {
      return Optional.empty();
    }
    Backup chosen = input.chosen();
    List<Occurrence> met = chosen == null
        ? all
        : all.stream().filter(o -> !o.start().isBefore(chosen.beginLsn())).toList();
    if (all.isEmpty()) {
      throw refusals.unknown(history);
    }
    if (met.isEmpty()) {
      throw refusals.beforeBackup(chosen, all.get(all.size() - 1));
    }
    if (met.size() > 1) {
      throw refusals.ambiguous(met);
    }
    return Optional.of(met.get(0));
  }

  private Backup chooseBackup(TimelineChoice choice, @Nullable Occurrence occurrence) {
    Predicate<Backup> earlyEnough = backup -> endsBeforeTarget(backup, occurrence);
    Backup chosen = input.chosen();
    List<Backup> onPath = (chosen == null ? input.backups() : List.of(chosen))
        .stream()
            .filter(choice::contains)
            .sorted(
                Comparator.comparing(Backup::endLsn).thenComparing(Backup::id).reversed())
            .toList();
    if (onPath.isEmpty()) {
      throw refusals.noneOnPath(choice.history());
    }
    List<Backup> candidates = onPath.stream().filter(earlyEnough).toList();
    if (candidates.isEmpty()) {
      throw refusals.beforeBackup(onPath.get(onPath.size() - 1), occurrence);
    }
    if (chosen != null && input.damaged().containsKey(chosen.id())) {
      throw refusals.damaged(chosen);
    }
    List<Backup> incomplete = new ArrayList<>();
    @Nullable BarmanException clockWentBack = null;
    for (Backup backup : candidates) {
      String damage = input.damaged().get(backup.id());
      if (damage != null) {
        passedOver.add("backup " + backup.id() + " is damaged: " + damage);
        reasons.add("backup " + backup.id() + " is passed over: it is damaged: " + damage);
        continue;
      }
      WalLine line = WalLine.of(wal, choice.history(), backup);
      Optional<Occurrence> early = tooEarly(line, backup);
      if (early.isPresent()) {
        clockWentBack = refusals.clockWentBack(backup, early.get());
        reasons.add("backup " + backup.id() + " is passed over: " + clockWentBack.problem());
        continue;
      }
      if (line.reaches(backup.endLsn())) {
        reasons.add(backupReason(backup, chosen != null));
        return backup;
      }
      reasons.add("backup " + backup.id() + " is passed over: WAL segment "
          + line.missing().name() + ", which it needs, " + line.missingBecause());
      incomplete.add(backup);
    }
    if (clockWentBack != null) {
      throw clockWentBack;
    }
    if (incomplete.isEmpty()) {
      throw refusals.allDamaged(candidates);
    }
    Backup newest = incomplete.get(0);
    throw refusals.incompleteBackup(
        newest, WalLine.of(wal, choice.history(), newest), candidates.size());
  }

  private Optional<Occurrence> tooEarly(WalLine line, Backup backup) {
    return target instanceof RecoveryTarget.AtTime at && line.reaches(backup.endLsn())
        ? StopSearch.stopBeforeEnd(line, backup, at)
        : Optional.empty();
  }

  /** A backup whose entry is damaged may have been the better one, unless it is older than what is taken or was taken after the target. */
  private void tellUnreadable(Backup taken) {
    for (DamagedEntry entry : input.unreadable()) {
      boolean older = entry.id().compareTo(taken.id()) < 0;
      boolean tooLate = target instanceof RecoveryTarget.AtTime at
          && entry.startedAt().filter(start -> start.isAfter(at.time())).isPresent();
      if (input.chosen() == null && !older && !tooLate) {
        passedOver.add(entry.describe());
      }
      reasons.add("backup " + entry.id() + " is passed over: " + entry.describe());
    }
  }

  private List<String> fallbacks(Backup taken) {
    return passedOver.stream()
        .map(damage -> damage + "; backup " + taken.id() + " is taken instead")
        .toList();
  }

  private boolean endsBeforeTarget(Backup backup, @Nullable Occurrence occurrence) {
    if (target instanceof RecoveryTarget.AtTime at) {
      return !backup.finishedAt().isAfter(at.time());
    }
    if (target instanceof RecoveryTarget.AtLsn at) {
      return backup.endLsn().compareTo(at.lsn()) <= 0;
    }
    return occurrence == null || backup.endLsn().compareTo(occurrence.start()) <= 0;
  }

  private List<WalPiece> pieces(Backup backup, WalLine line, @Nullable Occurrence occurrence) {
    if (target instanceof RecoveryTarget.Immediate) {
      return line.upTo(backup.endLsn());
    }
    if (target instanceof RecoveryTarget.AtTime at) {
      List<WalPiece> pieces = StopSearch.atTime(line, backup, at)
          .orElseThrow(() -> refusals.neverReached(backup, line));
      if (StopSearch.comesAgain(line, pieces, at)) {
        reasons.add("the server's clock went back: transactions that ended before " + at.time()
            + " by their times come after this stop, too; a target by LSN is exact");
      }
      return pieces;
    }
    if (target instanceof RecoveryTarget.AtLsn at) {
      return StopSearch.atLsn(line, at.lsn())
          .orElseThrow(() -> refusals.neverReached(backup, line));
    }
    if (occurrence != null) {
      if (!line.reaches(occurrence.end())) {
        throw refusals.gap(backup, line);
      }
      return line.upTo(occurrence.end());
    }
    if (line.hasGap()) {
      throw refusals.gap(backup, line);
    }
    return line.pieces();
  }

  private String timelineReason(TimelineHistory history) {
    String how = input.timeline() instanceof TargetTimeline.Exactly
        ? "as named"
        : input.timeline() instanceof TargetTimeline.Current
            ? "the backup's own"
            : "the latest that a backup belongs to";
    return "timeline " + history.timeline() + ", " + how;
  }

  private String backupReason(Backup backup, boolean named) {
    String how = named
        ? "as named"
        : target instanceof RecoveryTarget.Latest || target instanceof RecoveryTarget.Immediate
            ? "the newest"
            : "the newest that ends before " + target.describe();
    return "backup " + backup.id() + ", " + how + ": it ends at " + backup.endLsn() + ", "
        + backup.finishedAt();
  }

  private String walReason(List<WalPiece> pieces) {
    if (pieces.isEmpty()) {
      return "no WAL";
    }
    WalPiece first = pieces.get(0);
    WalPiece last = pieces.get(pieces.size() - 1);
    String spooled = last.partialFile().isPresent() ? ", the last one from the receiver" : "";
    String cut = last.cut().map(lsn -> ", the last one only up to " + lsn).orElse("");
    return pieces.size() + " WAL segments, " + first.segment().name() + " to "
        + last.segment().name() + spooled + cut;
  }
}
