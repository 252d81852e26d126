package io.github.barman4j.retention;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.WalSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What goes with a backup and what stays, decided before anything is touched. Immutable.
 *
 * @param packs ids of the packs that go: no other backup refers to them
 * @param sharedPacks packs of the backup that stay, and the backups that need them, or may need them
 * @param wal archived segments that no other backup needs, in order: they go
 * @param reasons one line for every decision
 */
public record DeletionPlan(
    BackupId backup,
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
   * Decides. What a backup needs whose catalog entry is damaged nobody knows: while there is one, no pack and no WAL goes with another. When
   * it is deleted itself, every pack goes that no entry lists.
   *
   * @throws BarmanException (BACKUP_UNKNOWN) when the catalog does not have the backup
   */
  static DeletionPlan decide(BackupId id, Holdings holdings) {
    Optional<Backup> readable = holdings.catalog().backup(id);
    if (readable.isEmpty() && !holdings.catalog().isDamaged(id)) {
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "there is no backup " + id + " to delete",
          "was it deleted meanwhile? list-backups shows what there is.");
    }
    List<Backup> others = holdings.catalog().backups().stream()
        .filter(each -> !each.id().equals(id))
        .toList();
    List<BackupId> unknown = unknown(id, readable.isPresent(), holdings);
    List<String> packs = new ArrayList<>();
    Map<String, List<BackupId>> shared = new TreeMap<>();
    for (String pack : readable
        .map(backup -> List.copyOf(backup.packs().keySet()))
        .orElseGet(() -> unlisted(holdings))) {
      List<BackupId> users = new ArrayList<>(unknown);
      others.stream()
          .filter(other -> other.packs().containsKey(pack))
          .map(Backup::id)
          .forEach(users::add);
      if (users.isEmpty()) {
        packs.add(pack);
      } else {
        shared.put(pack, users);
      }
    }
    NeededWal needed = NeededWal.by(others, holdings.histories());
    List<WalSegment> wal = others.isEmpty() || !unknown.isEmpty()
        ? List.of()
        : holdings.wal().stream()
            .filter(segment -> !needed.needs(segment))
            .sorted()
            .toList();
    List<String> reasons = new ArrayList<>();
    reasons.add(readable.map(DeletionPlan::what).orElse(damaged(id)));
    reasons.addAll(packReasons(packs, shared, unknown));
    reasons.add(walReason(others, unknown, holdings.wal().size(), wal));
    reasons.add("timeline histories stay");
    return new DeletionPlan(id, packs, shared, wal, reasons);
  }

  /** The other backups of which nobody knows what they need. */
  private static List<BackupId> unknown(BackupId id, boolean readable, Holdings holdings) {
    List<BackupId> unknown = new ArrayList<>();
    holdings.catalog().damaged().stream()
        .map(DamagedEntry::id)
        .filter(each -> !each.equals(id))
        .forEach(unknown::add);
    if (!readable) {
      unknown.addAll(holdings.withoutEntry());
    }
    return unknown;
  }

  private static List<String> unlisted(Holdings holdings) {
    Set<String> listed = holdings.catalog().backups().stream()
        .flatMap(backup -> backup.packs().keySet().stream())
        .collect(Collectors.toSet());
    return holdings.packs().stream().filter(pack -> !listed.contains(pack)).toList();
  }

  private static String what(Backup backup) {
    return "backup " + backup.id()
        + backup.name().map(name -> " '" + name + "'").orElse("") + " of " + backup.startedAt()
        + " goes, with its manifest and its marks";
  }

  private static String damaged(BackupId id) {
    return "backup " + id
        + ", whose catalog entry is damaged, goes, with its manifest and its marks";
  }

  private static List<String> packReasons(
      List<String> packs, Map<String, List<BackupId>> shared, List<BackupId> unknown) {
    List<String> reasons = new ArrayList<>();
    reasons.add(packs.size() + " packs go: no other backup refers to them");
    if (!shared.isEmpty()) {
      List<BackupId> users =
          shared.values().stream().flatMap(List::stream).distinct().sorted().toList();
      reasons.add(shared.size() + " packs stay: " + names(users) + " refer to them"
          + (unknown.isEmpty() ? "" : ", or may: nobody knows what " + names(unknown) + " needs"));
    }
    return reasons;
  }

  private static String walReason(
      List<Backup> others, List<BackupId> unknown, int archived, List<WalSegment> wal) {
    if (!unknown.isEmpty()) {
      return "all archived WAL stays: nobody knows what " + names(unknown) + " needs";
    }
    if (others.isEmpty()) {
      return "no backup remains: the archived WAL (" + archived
          + " segments) stays, though nothing can be restored with it until there is a backup again";
    }
    return wal.isEmpty()
        ? "all archived WAL stays: a remaining backup needs it"
        : wal.size() + " WAL segments go, from " + wal.get(0) + " to " + wal.get(wal.size() - 1)
            + ": no remaining backup needs them; " + (archived - wal.size()) + " stay";
  }

  private static String names(List<BackupId> backups) {
    return (backups.size() == 1 ? "backup " : "backups ")
        + String.join(", ", backups.stream().map(BackupId::value).toList());
  }
}
