package io.github.barman4j.catalog;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which backup a user's word means. An entry that is damaged is not passed over: the latest backup is the latest one that was taken. Pure. */
record Selection(String server, CatalogEntries entries) {

  BackupId of(String selector) {
    List<BackupId> ids = Stream.concat(
            entries.backups().stream().map(Backup::id),
            entries.damaged().stream().map(DamagedEntry::id))
        .sorted()
        .toList();
    if (ids.isEmpty()) {
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "there is no backup of server '" + server + "'",
          "take one with barman:backup, or look whether barman.repository and barman.server are right.");
    }
    return switch (selector) {
      case "latest" -> ids.get(ids.size() - 1);
      case "oldest" -> ids.get(0);
      default -> named(selector).orElseGet(() -> beginning(ids, selector));
    };
  }

  private Optional<BackupId> named(String selector) {
    return entries.backups().stream()
        .filter(backup -> backup.name().filter(selector::equals).isPresent())
        .map(Backup::id)
        .findFirst();
  }

  private BackupId beginning(List<BackupId> ids, String selector) {
    List<BackupId> matching = selector.isEmpty()
        ? List.of()
        : ids.stream().filter(id -> id.value().startsWith(selector)).toList();
    if (matching.isEmpty()) {
      int damaged = entries.damaged().size();
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "server '" + server + "' has no backup '" + selector + "' among " + ids.size()
              + (damaged == 0
                  ? ""
                  : ", of which " + damaged + " cannot tell their names: "
                      + entries.damaged().get(0).problem()),
          "list-backups shows ids and names; latest and oldest are words for two of them.");
    }
    if (matching.size() > 1) {
      throw new BarmanException(
          ErrorCode.BACKUP_AMBIGUOUS,
          "'" + selector + "' is the beginning of " + matching.size() + " backup ids, "
              + matching.get(0) + " and " + matching.get(1) + " among them",
          "write more of the id.");
    }
    return matching.get(0);
  }
}
