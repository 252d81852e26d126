package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.wal.WalArchive;
import java.nio.file.Path;
import java.util.List;

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
    List<Backup> backups = catalog.list();
    Backup chosen =
        backups.isEmpty() ? null : request.backup().map(catalog::find).orElse(null);
    return RestorePlan.decide(new PlanInput(
        backups,
        chosen,
        request.target(),
        request.timeline(),
        ArchivedWal.read(archive, spool, backups)));
  }
}
