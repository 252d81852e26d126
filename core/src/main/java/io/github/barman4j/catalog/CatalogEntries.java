package io.github.barman4j.catalog;

import java.util.List;
import java.util.Optional;

/**
 * A look at a catalog in which damage hides nothing: what can be read, and what cannot. Immutable.
 *
 * @param backups oldest first
 * @param damaged oldest first
 */
public record CatalogEntries(List<Backup> backups, List<DamagedEntry> damaged) {
  public static final CatalogEntries NONE = new CatalogEntries(List.of(), List.of());

  public CatalogEntries {
    backups = List.copyOf(backups);
    damaged = List.copyOf(damaged);
  }

  public Optional<Backup> backup(BackupId id) {
    return backups.stream().filter(backup -> backup.id().equals(id)).findFirst();
  }

  public boolean isDamaged(BackupId id) {
    return damaged.stream().anyMatch(entry -> entry.id().equals(id));
  }
}
