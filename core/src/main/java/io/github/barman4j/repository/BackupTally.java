package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a backup stores and refers to. Not thread-safe. */
final class BackupTally {
  private final Map<Long, long[]> packs = new HashMap<>();
  private long files;
  private long plainBytes;
  private long newBytes;
  private long reusedBytes;

  void file(long size) {
    files++;
    plainBytes += size;
  }

  long files() {
    return files;
  }

  long plainBytes() {
    return plainBytes;
  }

  void stored(int length) {
    newBytes += length;
  }

  /** A block that need not be stored: it is there already, or zero. */
  void reused(int length) {
    reusedBytes += length;
  }

  /** A block or map page that this backup needs. */
  void refer(BlockAddress address, int length) {
    if (!address.isZero()) {
      packs.computeIfAbsent(address.pack(), id -> new long[1])[0] += length;
    }
  }

  BackupContents contents(BlockHash manifestHash, long storedBytes) {
    Map<String, Long> named = new TreeMap<>();
    packs.forEach((id, bytes) -> named.put(PackId.text(id), bytes[0]));
    return new BackupContents(
        manifestHash, files, plainBytes, newBytes, storedBytes, reusedBytes, named);
  }
}
