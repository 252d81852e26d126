package io.github.barman4j.verify;

import io.github.barman4j.repository.StoredBlock;
import java.util.HashSet;
import java.util.Set;

/** The places of damaged blocks, as many as are of use. Thread-safe. */
final class DamagedBlocks {
  private static final int MOST = 100_000;

  private record Place(long pack, int frame, int index) {}

  private final Set<Place> places = new HashSet<>();
  private final Set<String> packs = new HashSet<>();

  synchronized void add(StoredBlock block) {
    packs.add(block.packName());
    if (places.size() < MOST) {
      places.add(new Place(block.pack(), block.frame(), block.index()));
    }
  }

  synchronized boolean contains(StoredBlock block) {
    return places.contains(new Place(block.pack(), block.frame(), block.index()));
  }

  /** Whether any damaged block lies in one of the packs. */
  synchronized boolean isIn(Set<String> some) {
    return some.stream().anyMatch(packs::contains);
  }
}
