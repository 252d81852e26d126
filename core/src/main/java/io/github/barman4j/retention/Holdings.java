package io.github.barman4j.retention;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import java.util.List;

/**
 * What a repository has of one server, as far as a deletion is concerned.
 *
 * @param withoutEntry backups that are there but for their catalog entries
 * @param packs ids of all that are there
 * @param wal all archived segments
 * @param histories all archived histories
 */
record Holdings(
    CatalogEntries catalog,
    List<BackupId> withoutEntry,
    List<String> packs,
    List<WalSegment> wal,
    List<TimelineHistory> histories) {
  Holdings {
    withoutEntry = List.copyOf(withoutEntry);
    packs = List.copyOf(packs);
    wal = List.copyOf(wal);
    histories = List.copyOf(histories);
  }
}
