package io.github.barman4j.catalog;

import io.github.barman4j.repository.ServerRepository;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/** Who needs which packs, by what the catalog entries list. Pure. */
public final class PackUse {
  private PackUse() {}

  /**
   * The packs of a backup of which less than half is needed by any remaining backup. They were written by backups that are deleted, so
   * nothing will ever need more of them. A new backup stores their blocks anew instead of referring to them: then they go with the backups that
   * still need them, and a chain of backups never holds much more than twice what its newest one needs.
   *
   * <p>How much of a pack is needed is the most that one entry lists; a block that is referred to twice counts twice there. So a pack can pass
   * for more alive than it is, and not for less.
   *
   * @param all the catalog, the backup among them
   * @param plainBytes how much a pack holds, see {@link ServerRepository#plainBytesOf}
   */
  public static Set<String> mostlyDead(
      Backup backup, List<Backup> all, ToLongFunction<String> plainBytes) {
    Set<String> found = new TreeSet<>();
    for (String pack : backup.packs().keySet()) {
      boolean writerRemains = all.stream()
          .anyMatch(each -> ServerRepository.isWrittenBy(pack, each.id().value()));
      if (!writerRemains && 2 * needed(pack, all) < plainBytes.applyAsLong(pack)) {
        found.add(pack);
      }
    }
    return found;
  }

  private static long needed(String pack, List<Backup> all) {
    return all.stream()
        .mapToLong(each -> each.packs().getOrDefault(pack, 0L))
        .max()
        .orElse(0);
  }
}
