package io.github.barman4j.repository;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The packs that a new backup may refer to: those that are there, without those that are to die. A block of the parent that lies in another is
 * stored anew; that a pack is missing is noted. Thread-safe.
 */
final class ReferablePacks {
  private final long[] referable;
  private final Set<String> avoided;
  private final Set<String> missing = new ConcurrentSkipListSet<>();

  /** @param present ids of all packs that are there */
  ReferablePacks(Collection<String> present, Set<String> avoided) {
    this.avoided = Set.copyOf(avoided);
    this.referable = present.stream()
        .filter(pack -> !avoided.contains(pack))
        .mapToLong(PackId::parse)
        .sorted()
        .toArray();
  }

  boolean has(BlockAddress address) {
    if (address.isZero() || Arrays.binarySearch(referable, address.pack()) >= 0) {
      return true;
    }
    String pack = PackId.text(address.pack());
    if (!avoided.contains(pack)) {
      missing.add(pack);
    }
    return false;
  }

  /** Ids of the packs that were asked for and are not there. */
  List<String> missing() {
    return List.copyOf(missing);
  }
}
