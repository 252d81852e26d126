package io.github.barman4j.restore;

import io.github.barman4j.catalog.Backup;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that decides a plan.
 *
 * @param backups all that are in the catalog, oldest first
 * @param chosen the one that the user named; null to choose it for the target
 */
record PlanInput(
    List<Backup> backups,
    @Nullable Backup chosen,
    RecoveryTarget target,
    TargetTimeline timeline,
    WalFacts wal) {
  PlanInput {
    backups = List.copyOf(backups);
  }
}
