package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.wal.WalArchive;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
    return RestorePlan.decide(new PlanInput(
        backups,
        allDamaged,
        chosen,
        request.target(),
        request.timeline(),
        ArchivedWal.read(archive, spool, backups)));
  }
}
