package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.WalGapException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.restore.StopSearch.Occurrence;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The words with which a plan is refused, each with the nearest point that can be reached. Pure. */
final class Refusals {
  private final PlanInput input;
  private final RecoveryTarget target;

  Refusals(PlanInput input) {
    this.input = input;
    this.target = input.target();
  }

  BarmanException noBackup() {
    if (!input.unreadable().isEmpty()) {
      return new IntegrityException(
          ErrorCode.RESTORE_BACKUP_DAMAGED,
          "there is no backup that can be read" + unreadable(),
          input.unreadable().get(0).hint());
    }
    return new BarmanException(
        ErrorCode.BACKUP_UNKNOWN,
        "there is no backup to restore",
        "take one with barman:backup; is barman.server the name under which the backups were taken?");
  }

  BarmanException noneOnPath(TimelineHistory history) {
    String there = input.backups().stream()
        .map(backup -> backup.id() + " on timeline " + backup.endTimeline())
        .collect(Collectors.joining(", "));
    return new BarmanException(
        ErrorCode.RESTORE_REFUSED,
        "no backup is on the path to timeline " + history.timeline() + "; there are " + there
            + unreadable(),
        "leave barman.targetTimeline out, or name the timeline of a backup.");
  }

  /** What might have served, for all that is known; empty as a rule. */
  private String unreadable() {
    return input.unreadable().stream()
        .map(entry -> "; " + entry.describe())
        .collect(Collectors.joining());
  }

  /** @param nearest the backup that ends earliest of those in question */
  BarmanException beforeBackup(@Nullable Backup nearest, @Nullable Occurrence occurrence) {
    String where = occurrence == null
        ? ""
        : ", which is at " + occurrence.start() + " (" + occurrence.time() + "),";
    String which = input.chosen() == null ? "the earliest backup, " : "backup ";
    Backup backup = Objects.requireNonNull(nearest);
    return new BarmanException(
        ErrorCode.TARGET_BEFORE_BACKUP,
        target.describe() + where + " lies before the end of " + which + backup.id() + ", at "
            + backup.endLsn() + " (" + backup.finishedAt() + ")" + unreadable(),
        beforeHint(backup, occurrence));
  }

  private String beforeHint(Backup backup, @Nullable Occurrence occurrence) {
    Optional<Backup> other = input.chosen() == null
        ? Optional.empty()
        : input.backups().stream()
            .filter(candidate -> serves(candidate, occurrence))
            .reduce((first, second) -> second);
    return other
        .map(earlier -> "backup " + earlier.id()
            + " ends before the target: leave barman.backup out, and it is chosen.")
        .orElse("the earliest point that can be reached is the end of backup " + backup.id()
            + ": barman.targetImmediate=true with barman.backup=" + backup.id() + ".");
  }

  private boolean serves(Backup backup, @Nullable Occurrence occurrence) {
    if (target instanceof RecoveryTarget.AtTime at) {
      return !backup.finishedAt().isAfter(at.time());
    }
    if (target instanceof RecoveryTarget.AtLsn at) {
      return backup.endLsn().compareTo(at.lsn()) <= 0;
    }
    return occurrence != null && backup.endLsn().compareTo(occurrence.start()) <= 0;
  }

  BarmanException unknown(TimelineHistory history) {
    String what = target instanceof RecoveryTarget.AtName
        ? "there is no " + target.describe()
        : target.describe() + " does not end";
    return new BarmanException(
        ErrorCode.TARGET_UNREACHABLE,
        what + " in the WAL of timeline " + history.timeline() + end(history),
        target instanceof RecoveryTarget.AtName
            ? "check the name's spelling; without a target the restore goes to the end of the WAL."
            : "a transaction that was still running, wrote nothing, or was a subtransaction leaves no end; without a target the restore goes to the end of the WAL.");
  }

  private String end(TimelineHistory history) {
    return input.backups().stream()
        .filter(backup -> history.contains(backup.endTimeline()))
        .reduce((first, second) -> second)
        .map(newest -> end(WalLine.of(input.wal(), history, newest)))
        .orElse("");
  }

  private static String end(WalLine line) {
    if (line.hasGap()) {
      return "; but WAL segment " + line.missing().name() + " " + line.missingBecause()
          + ", and it may lie there";
    }
    return line.end().isInvalid() ? "" : ", which ends at " + line.end();
  }

  BarmanException ambiguous(List<Occurrence> occurrences) {
    String places = occurrences.stream()
        .limit(5)
        .map(o -> o.start() + " (" + o.time() + ")")
        .collect(Collectors.joining(", "));
    return new BarmanException(
        ErrorCode.RESTORE_REFUSED,
        target.describe() + " is not clear: there are " + occurrences.size() + ", at " + places,
        "name the position of the one that you mean, for example barman.targetLsn="
            + occurrences.get(0).start() + ".");
  }

  /** The backup that was named is damaged: it is never replaced without a word. */
  BarmanException damaged(Backup named) {
    Optional<Backup> other = input.backups().stream()
        .filter(backup -> !input.damaged().containsKey(backup.id()))
        .filter(backup -> backup.endLsn().compareTo(named.endLsn()) <= 0)
        .reduce((first, second) -> second);
    return new BarmanException(
        ErrorCode.RESTORE_BACKUP_DAMAGED,
        "backup " + named.id() + ", which was named, is damaged: "
            + input.damaged().get(named.id()),
        other
                .map(backup -> "leave barman.backup out to begin with an undamaged one, or name "
                    + backup.id() + ", which is older")
                .orElse("name another backup")
            + "; barman.acceptDamaged=true restores it all the same, as far as it can be read.");
  }

  /** @param newestFirst all that would serve */
  BarmanException allDamaged(List<Backup> newestFirst) {
    String list = newestFirst.stream()
        .map(backup -> backup.id() + " (" + input.damaged().get(backup.id()) + ")")
        .collect(Collectors.joining(", "));
    return new BarmanException(
        ErrorCode.RESTORE_BACKUP_DAMAGED,
        "every backup that would serve for " + target.describe() + " is damaged: " + list
            + unreadable(),
        "heal the repository from a copy of it or from the live server, and take a backup with"
            + " barman.fresh=true, which shares no block with these; or restore one as far as it can be"
            + " read: barman.backup=" + newestFirst.get(0).id()
            + " with barman.acceptDamaged=true.");
  }

  /** @param tried how many backups were looked at */
  BarmanException incompleteBackup(Backup newest, WalLine line, int tried) {
    return new WalGapException(
        ErrorCode.WAL_GAP,
        "WAL segment " + line.missing().name() + ", which backup " + newest.id()
            + " needs to become consistent (" + newest.beginLsn() + " to " + newest.endLsn()
            + "), " + line.missingBecause()
            + (tried > 1 ? ", and no earlier backup that would serve is complete either" : "")
            + unreadable(),
        "put a good copy of the segment back into the archive, or take a new backup; until then nothing can be restored from it.");
  }

  /** The target lies behind a missing segment, or behind the end of the WAL. */
  BarmanException neverReached(Backup backup, WalLine line) {
    if (line.hasGap()) {
      return gap(backup, line);
    }
    Optional<Instant> last = StopSearch.lastTime(line);
    boolean byTime = target instanceof RecoveryTarget.AtTime;
    String found = byTime
        ? last.map(
                time -> "no transaction ended after it: the last one in the WAL ended at " + time)
            .orElse("no transaction ended after the backup")
        : "the WAL ends at " + line.end() + ", and no record begins at or after the target";
    String nearest = byTime
        ? last.map(time -> "name a time before " + time + ", or leave").orElse("leave")
        : "name barman.targetLsn=" + line.lastStart() + " or before, or leave";
    return new BarmanException(
        ErrorCode.TARGET_UNREACHABLE,
        target.describe() + " cannot be reached: " + found + unreadable(),
        nearest + " the target out to restore everything up to " + line.end() + ".");
  }

  /** The backup ended before the target by the clock, but a transaction before its end did not. */
  BarmanException clockWentBack(Backup backup, Occurrence stop) {
    return new BarmanException(
        ErrorCode.TARGET_UNREACHABLE,
        "the server's clock went back during backup " + backup.id() + ": the transaction at "
            + stop.start() + " ended at " + stop.time() + ", so recovery to " + target.describe()
            + " would stop there, before the backup's end at " + backup.endLsn(),
        "name the position instead of the time: barman.targetLsn=" + backup.endLsn()
            + " or later; or name an earlier backup.");
  }

  WalGapException gap(Backup backup, WalLine line) {
    Lsn last = line.lastStart();
    boolean useful = !last.isBefore(backup.endLsn());
    String nearest = useful
        ? "barman.targetLsn=" + last + " restores everything before the gap"
            + StopSearch.lastTime(line).map(time -> " (up to " + time + ")").orElse("")
        : "barman.targetImmediate=true restores the end of the backup, " + backup.endLsn();
    return new WalGapException(
        ErrorCode.WAL_GAP,
        "WAL segment " + line.missing().name() + ", on the way from backup " + backup.id()
            + " to " + target.describe() + ", " + line.missingBecause()
            + "; the WAL before it ends at "
            + line.end() + unreadable(),
        "put a good copy of the segment back into the archive; " + nearest + ".");
  }
}
