package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.DamagedEntry;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides a plan.
 *
 * @param backups all that are in the catalog and can be read, oldest first
 * @param unreadable those whose catalog entries are damaged
 * @param damaged those of {@code backups} that are known to be damaged, with what is wrong, in words
 * @param chosen the one that the user named; null to choose it for the target
 */
record PlanInput(
    List<Backup> backups,
    List<DamagedEntry> unreadable,
    Map<BackupId, String> damaged,
    @Nullable Backup chosen,
    RecoveryTarget target,
    TargetTimeline timeline,
    WalFacts wal) {
  PlanInput {
    backups = List.copyOf(backups);
    unreadable = List.copyOf(unreadable);
    damaged = Map.copyOf(damaged);
  }
}
