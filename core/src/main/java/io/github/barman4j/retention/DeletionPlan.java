package io.github.barman4j.retention;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What goes with a backup and what stays, decided before anything is touched. Immutable.
 *
 * @param packs ids of the packs that no other backup refers to: they go
 * @param sharedPacks packs of the backup that stay, and the backups that need them
 * @param wal archived segments that no other backup needs, in order: they go
 * @param reasons one line for every decision
 */
public record DeletionPlan(
    Backup backup,
    List<String> packs,
    Map<String, List<BackupId>> sharedPacks,
    List<WalSegment> wal,
    List<String> reasons) {

  public DeletionPlan {
    packs = List.copyOf(packs);
    sharedPacks = Collections.unmodifiableMap(new TreeMap<>(sharedPacks));
    wal = List.copyOf(wal);
    reasons = List.copyOf(reasons);
  }

  /**
   * Decides.
   *
   * @param catalog all backups of the server, the one to delete among them
   * @param archived all archived segments
   * @param histories all archived histories
   * @throws BarmanException (BACKUP_UNKNOWN) when the catalog does not have the backup
   */
  public static DeletionPlan decide(
      BackupId id,
      List<Backup> catalog,
      List<WalSegment> archived,
      List<TimelineHistory> histories) {
    Backup backup = catalog.stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new BarmanException(
            ErrorCode.BACKUP_UNKNOWN,
            "there is no backup " + id + " to delete",
            "was it deleted meanwhile? list-backups shows what there is."));
    List<Backup> others = catalog.stream().filter(each -> !each.id().equals(id)).toList();
    List<String> packs = new ArrayList<>();
    Map<String, List<BackupId>> shared = new TreeMap<>();
    for (String pack : backup.packs().keySet()) {
      List<BackupId> users = others.stream()
          .filter(other -> other.packs().containsKey(pack))
          .map(Backup::id)
          .toList();
      if (users.isEmpty()) {
        packs.add(pack);
      } else {
        shared.put(pack, users);
      }
    }
    NeededWal needed = NeededWal.by(others, histories);
    List<WalSegment> wal = others.isEmpty()
        ? List.of()
        : archived.stream().filter(segment -> !needed.needs(segment)).sorted().toList();
    return new DeletionPlan(
        backup, packs, shared, wal, reasons(backup, others, packs, shared, archived, wal));
  }

  private static List<String> reasons(
      Backup backup,
      List<Backup> others,
      List<String> packs,
      Map<String, List<BackupId>> shared,
      List<WalSegment> archived,
      List<WalSegment> wal) {
    List<String> reasons = new ArrayList<>();
    reasons.add(
        "backup " + backup.id() + backup.name().map(name -> " '" + name + "'").orElse("") + " of "
            + backup.startedAt() + " goes, with its manifest and its marks");
    reasons.add(packs.size() + " packs go: no other backup refers to them");
    if (!shared.isEmpty()) {
      List<BackupId> users =
          shared.values().stream().flatMap(List::stream).distinct().sorted().toList();
      reasons.add(shared.size() + " packs stay: " + (users.size() == 1 ? "backup " : "backups ")
          + String.join(", ", users.stream().map(BackupId::value).toList()) + " refer to them");
    }
    if (others.isEmpty()) {
      reasons.add(
          "no backup remains: the archived WAL (" + archived.size()
              + " segments) stays, though nothing can be restored with it until there is a backup again");
    } else if (wal.isEmpty()) {
      reasons.add("all archived WAL stays: a remaining backup needs it");
    } else {
      reasons.add(wal.size() + " WAL segments go, from " + wal.get(0) + " to "
          + wal.get(wal.size() - 1) + ": no remaining backup needs them; "
          + (archived.size() - wal.size()) + " stay");
    }
    reasons.add("timeline histories stay");
    return reasons;
  }
}
