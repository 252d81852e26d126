package io.github.barman4j.repository;

import java.util.Arrays;

/** Where the block map of a file begins: only this package can follow it. Immutable. */
public final class BlockMapRoot {
  /** A file with more blocks has map pages. */
  static final int MAXIMUM_INLINE = 8;

  private static final int MAXIMUM_HEIGHT = 16;

  private final int height;
  private final byte[] entries;

  /** @param entries not copied */
  BlockMapRoot(int height, byte[] entries) {
    this.height = height;
    this.entries = entries;
  }

  /** How many levels of map pages a file of so many blocks needs. */
  static int heightFor(long blocks, int mapPageEntries) {
    if (blocks <= MAXIMUM_INLINE) {
      return 0;
    }
    int height = 1;
    for (long reach = mapPageEntries; reach < blocks; reach *= mapPageEntries) {
      height++;
    }
    return height;
  }

  /** Whether a map of this height reaches so many blocks; an absurd height does not. */
  static boolean reaches(int height, long blocks, int mapPageEntries) {
    int needed = blocks <= mapPageEntries ? 0 : heightFor(blocks, mapPageEntries);
    return height >= needed && height <= MAXIMUM_HEIGHT;
  }

  int height() {
    return height;
  }

  byte[] entries() {
    return entries;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlockMapRoot root
        && height == root.height
        && Arrays.equals(entries, root.entries);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(entries);
  }

  @Override
  public String toString() {
    return "block map of height " + height;
  }
}
