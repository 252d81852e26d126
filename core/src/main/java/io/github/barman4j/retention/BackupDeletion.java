package io.github.barman4j.retention;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.util.List;

/** Deletes backups of one server. Each call blocks until its work is done. Thread-safe. */
public final class BackupDeletion {
  private final ServerRepository repository;
  private final Catalog catalog;
  private final WalArchive archive;
  private final EventSink events;

  public BackupDeletion(
      ServerRepository repository, Catalog catalog, WalArchive archive, EventSink events) {
    this.repository = repository;
    this.catalog = catalog;
    this.archive = archive;
    this.events = events;
  }

  /**
   * What {@link #execute} would do now. Nothing is written.
   *
   * @param selector as in {@link Catalog#find}; a backup whose entry is damaged is meant by its whole id only
   * @throws io.github.barman4j.BarmanException BACKUP_UNKNOWN or BACKUP_AMBIGUOUS, an IntegrityException when the selector means a backup
   *     whose entry is damaged
   */
  public DeletionPlan plan(String selector) {
    BackupId id = catalog.idOf(selector);
    return plan(id.value().equals(selector) ? id : catalog.get(id).id());
  }

  private DeletionPlan plan(BackupId id) {
    return DeletionPlan.decide(
        id,
        new Holdings(
            catalog.entries(),
            catalog.withoutEntry(),
            repository.packs(),
            archive.segments(),
            archive.histories()));
  }

  /**
   * Deletes the backup of a plan. What goes with it is decided again under the lock: a backup that was taken since the plan was made may share
   * its blocks.
   *
   * @throws io.github.barman4j.RepositoryLockedException when a backup or another deletion runs, or somebody reads the backup
   * @throws io.github.barman4j.BarmanException (BACKUP_UNKNOWN) when it is not there any more
   */
  public DeletionReport execute(DeletionPlan plan) {
    try (RepositoryLock lock = repository.lock(ServerRepository.BACKUP)) {
      DeletionPlan now = plan(plan.backup());
      now.reasons().forEach(events::info);
      List<String> wal = now.wal().stream().map(WalArchive::objectOf).toList();
      long freed = repository.deleteBackup(now.backup().value(), now.packs(), wal);
      return new DeletionReport(
          now.backup(), now.packs().size(), now.wal().size(), freed, now.reasons());
    }
  }
}
