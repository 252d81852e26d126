package io.github.barman4j.restore;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the catalog's marks say about damage, in words. */
final class KnownDamage {
  private KnownDamage() {}

  /** The backups that are damaged, with what is wrong with each. A mark that cannot be read counts as damage: it may have told of some. */
  static Map<BackupId, String> of(Catalog catalog, List<Backup> backups) {
    Map<BackupId, String> damaged = new HashMap<>();
    for (Backup backup : backups) {
      try {
        if (catalog.isDamaged(backup.id())) {
          damaged.put(backup.id(), describe(catalog.marks(backup.id())));
        }
      } catch (IntegrityException e) {
        damaged.put(backup.id(), "what was noted about it cannot be read: " + e.problem());
      }
    }
    return damaged;
  }

  private static String describe(List<Mark> oldestFirst) {
    return oldestFirst.stream()
        .filter(Mark.Damaged.class::isInstance)
        .map(Mark.Damaged.class::cast)
        .reduce((older, newer) -> newer)
        .map(KnownDamage::describe)
        .orElse("it is marked so");
  }

  private static String describe(Mark.Damaged mark) {
    DamagedFile first = mark.files().get(0);
    int more = mark.files().size() - 1;
    String relation = first.relation().isEmpty() ? "" : " (" + first.relation() + ")";
    return first.path() + relation + ": " + first.problem()
        + (more == 0 ? "" : ", and " + more + " more files") + ", found by " + mark.foundBy()
        + " at " + mark.at();
  }
}
