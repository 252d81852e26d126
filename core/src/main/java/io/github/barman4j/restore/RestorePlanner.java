package io.github.barman4j.restore;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.wal.WalArchive;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Gathers what there is and decides a plan. Changes nothing; needs no live server. Thread-safe. */
public final class RestorePlanner {
  private final Catalog catalog;
  private final WalArchive archive;
  private final Path spool;

  /** @param spool where a receiver of this server puts WAL that is not archived yet; need not be there */
  public RestorePlanner(Catalog catalog, WalArchive archive, Path spool) {
    this.catalog = catalog;
    this.archive = archive;
    this.spool = spool;
  }

  /**
   * Decides, or refuses; see {@link RestorePlan#decide}.
   *
   * @throws io.github.barman4j.BarmanException also when the request's backup is unknown or ambiguous
   */
  public RestorePlan plan(RestoreRequest request) {
    return plan(request, Map.of());
  }

  /** Likewise, when more backups are known to be damaged than the catalog says; what is wrong with each, in words. */
  RestorePlan plan(RestoreRequest request, Map<BackupId, String> damaged) {
    CatalogEntries entries = catalog.entries();
    List<Backup> backups = entries.backups();
    Backup chosen = backups.isEmpty() ? null : request.backup().map(this::named).orElse(null);
    Map<BackupId, String> allDamaged = new HashMap<>(KnownDamage.of(catalog, backups));
    allDamaged.putAll(damaged);
    if (chosen != null && request.acceptDamaged()) {
      allDamaged.remove(chosen.id());
    }
    return over(
        backups,
        wal -> RestorePlan.decide(new PlanInput(
            backups,
            entries.damaged(),
            allDamaged,
            chosen,
            request.target(),
            request.timeline(),
            wal)));
  }

  private Backup named(String selector) {
    try {
      return catalog.find(selector);
    } catch (IntegrityException e) {
      throw new IntegrityException(
          ErrorCode.RESTORE_BACKUP_DAMAGED,
          "backup '" + selector + "', which was named, cannot be restored: " + e.problem(),
          "leave barman.backup out, and the newest backup is taken that can be read; " + e.hint(),
          e);
    }
  }

  /** Every moment that can be reached, per timeline. Looks at the index of every segment from the oldest backup on. */
  public Recoverability recoverable() {
    return answer(new RecoveryTarget.Latest(), new TargetTimeline.Latest(), Recoverability::of);
  }

  /**
   * Whether one target can be reached without naming a backup, and how.
   *
   * @throws io.github.barman4j.BarmanException only when this cannot be told: the repository cannot be read or is damaged
   */
  public Reachability recoverable(RecoveryTarget target, TargetTimeline timeline) {
    return answer(target, timeline, Reachability::of);
  }

  private <T> T answer(
      RecoveryTarget target, TargetTimeline timeline, Function<PlanInput, T> question) {
    CatalogEntries entries = catalog.entries();
    List<Backup> backups = entries.backups();
    Map<BackupId, String> damaged = KnownDamage.of(catalog, backups);
    return over(
        backups,
        wal -> question.apply(
            new PlanInput(backups, entries.damaged(), damaged, null, target, timeline, wal)));
  }

  /** Asks again without each segment that turns out to be damaged: what lies before it can still be reached. */
  private <T> T over(List<Backup> backups, Function<ArchivedWal, T> question) {
    ArchivedWal wal = ArchivedWal.read(archive, spool, backups);
    while (true) {
      try {
        return question.apply(wal);
      } catch (UnreadableSegmentException e) {
        wal = wal.without(e);
      }
    }
  }
}
