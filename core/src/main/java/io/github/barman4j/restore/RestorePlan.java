package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import java.util.List;

/**
 * What a restore will do: decided before the first byte is copied, and what a dry run prints.
 *
 * @param backup the backup that the files come from
 * @param target what recovery stops at
 * @param history the line of history that it follows
 * @param timelineSetting the value of recovery_target_timeline
 * @param wal every segment that recovery will be given, in the order in which it asks
 * @param histories all history files that recovery will be given: also those that are not on the path, so that the server takes a new
 *     timeline's number that is free
 * @param walEnd where the last record ends that recovery can read
 * @param fallbacks which newer backups are damaged and what is taken instead, a sentence each; empty as a rule
 * @param reasons why it is so, a sentence each; the fallbacks are among them
 */
public record RestorePlan(
    Backup backup,
    RecoveryTarget target,
    TimelineHistory history,
    String timelineSetting,
    List<WalPiece> wal,
    List<TimelineHistory> histories,
    Lsn walEnd,
    List<String> fallbacks,
    List<String> reasons) {

  public RestorePlan {
    wal = List.copyOf(wal);
    histories = List.copyOf(histories);
    fallbacks = List.copyOf(fallbacks);
    reasons = List.copyOf(reasons);
  }

  /**
   * Decides, or refuses with the nearest point that can be reached in the hint.
   *
   * @throws BarmanException BACKUP_UNKNOWN without a backup, TIMELINE_UNKNOWN, RESTORE_REFUSED for a backup that is not on the path
   *     or a target that is not clear, TARGET_BEFORE_BACKUP, TARGET_UNREACHABLE when the WAL ends before the target or never had it,
   *     WAL_GAP (a WalGapException) when a segment on the way is missing, RESTORE_BACKUP_DAMAGED when the named backup is marked as
   *     damaged, or every one that would serve
   */
  static RestorePlan decide(PlanInput input) {
    return new PlanDecision(input).decide();
  }

  /** Bytes of WAL that recovery will be given. */
  public long walBytes() {
    return (long) wal.size() * backup.segmentSize().bytes();
  }

  /** The names of the segments whose content ends before they do. */
  List<String> begun() {
    return wal.stream()
        .filter(piece -> piece.partialFile().isPresent() || piece.cut().isPresent())
        .map(piece -> piece.segment().name())
        .toList();
  }

  /** The timeline that recovery follows to its end. */
  public Timeline timeline() {
    return history.timeline();
  }

  /** Whether the WAL ends with a segment of which only the beginning was received. */
  public boolean usesPartialTail() {
    return !wal.isEmpty() && wal.get(wal.size() - 1).partialFile().isPresent();
  }
}
