package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
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
    List<Backup> backups = catalog.list();
    Backup chosen =
        backups.isEmpty() ? null : request.backup().map(catalog::find).orElse(null);
    Map<BackupId, String> allDamaged = new HashMap<>(KnownDamage.of(catalog, backups));
    allDamaged.putAll(damaged);
    if (chosen != null && request.acceptDamaged()) {
      allDamaged.remove(chosen.id());
    }
    return over(
        backups,
        wal -> RestorePlan.decide(
            new PlanInput(backups, allDamaged, chosen, request.target(), request.timeline(), wal)));
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
    List<Backup> backups = catalog.list();
    Map<BackupId, String> damaged = KnownDamage.of(catalog, backups);
    return over(
        backups,
        wal -> question.apply(new PlanInput(backups, damaged, null, target, timeline, wal)));
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
