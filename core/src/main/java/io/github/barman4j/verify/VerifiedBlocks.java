package io.github.barman4j.verify;

import io.github.barman4j.repository.StoredBlock;

/**
 * Which blocks were found whole, so that one that several backups share is read once. Remembers as many as fit into its memory and no more: a
 * block that it has forgotten is read again. Thread-safe.
 */
final class VerifiedBlocks {
  private static final int LONGS = 3;
  private static final int FIRST_CAPACITY = 1 << 12;

  /** A part of the heap that leaves room for blocks on their way. */
  private static final long HEAP_PART = 8;

  private final int largest;
  private long[] table = new long[FIRST_CAPACITY * LONGS];
  private int count;

  VerifiedBlocks() {
    this(Runtime.getRuntime().maxMemory() / HEAP_PART);
  }

  VerifiedBlocks(long memoryBytes) {
    long entries = Math.max(FIRST_CAPACITY, memoryBytes / (LONGS * Long.BYTES));
    this.largest = (int) Math.min(1 << 26, Long.highestOneBit(entries));
  }

  /**
   * @param judged 0 when only the hash was looked at, else a number for what the pages in it were judged as: it has to be the same
   */
  synchronized boolean contains(StoredBlock block, long judged) {
    return table[find(block, judged)] != 0;
  }

  synchronized void add(StoredBlock block, long judged) {
    int at = find(block, judged);
    if (table[at] != 0) {
      return;
    }
    if (2 * count >= capacity()) {
      if (capacity() >= largest) {
        return;
      }
      grow();
      at = find(block, judged);
    }
    put(at, block.pack(), place(block), content(block, judged));
    count++;
  }

  private int capacity() {
    return table.length / LONGS;
  }

  private void grow() {
    long[] before = table;
    table = new long[2 * before.length];
    for (int i = 0; i < before.length; i += LONGS) {
      if (before[i] != 0) {
        put(slot(before[i], before[i + 1], before[i + 2]), before[i], before[i + 1], before[i + 2]);
      }
    }
  }

  private void put(int at, long pack, long place, long content) {
    table[at] = pack;
    table[at + 1] = place;
    table[at + 2] = content;
  }

  private int find(StoredBlock block, long judged) {
    return slot(block.pack(), place(block), content(block, judged));
  }

  /** Where the three numbers stand, or the empty place where they belong. */
  private int slot(long pack, long place, long content) {
    int mask = capacity() - 1;
    int index = (int) (content >>> 20) & mask;
    while (true) {
      int at = index * LONGS;
      if (table[at] == 0
          || table[at] == pack && table[at + 1] == place && table[at + 2] == content) {
        return at;
      }
      index = index + 1 & mask;
    }
  }

  private static long place(StoredBlock block) {
    return Integer.toUnsignedLong(block.frame()) << 8 | block.index();
  }

  private static long content(StoredBlock block, long judged) {
    return block.hash().a() ^ judged * 0x9E3779B97F4A7C15L;
  }
}
