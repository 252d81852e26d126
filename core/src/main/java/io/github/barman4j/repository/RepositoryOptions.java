package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/**
 * What is chosen when a repository is made and never changes afterwards.
 *
 * @param blockSize what is compared, bytes; a power of two from 8 KiB to 1 MiB
 * @param frameSize what is compressed at once, at most; a multiple of the block size, at most 4 MiB
 * @param packSize after how many bytes a pack is closed; from one frame to 1 GiB
 * @param mapPageEntries how many block entries a map page has, 16 to 8192
 */
public record RepositoryOptions(int blockSize, int frameSize, int packSize, int mapPageEntries) {
  private static final int MIN_BLOCK = 8 << 10;
  private static final int MAX_BLOCK = 1 << 20;
  private static final int MAX_FRAME = 4 << 20;
  private static final int MAX_PACK = 1 << 30;
  private static final int MIN_ENTRIES = 16;
  private static final int MAX_ENTRIES = 8192;

  public RepositoryOptions {
    require(
        Integer.bitCount(blockSize) == 1 && blockSize >= MIN_BLOCK && blockSize <= MAX_BLOCK,
        "a block size of " + blockSize,
        "a power of two from 8192 to 1048576");
    require(
        frameSize >= blockSize && frameSize % blockSize == 0 && frameSize <= MAX_FRAME,
        "a frame size of " + frameSize,
        "a multiple of the block size, at most 4194304");
    require(
        packSize >= frameSize && packSize <= MAX_PACK,
        "a pack size of " + packSize,
        "at least one frame and at most 1073741824");
    require(
        mapPageEntries >= MIN_ENTRIES && mapPageEntries <= MAX_ENTRIES,
        mapPageEntries + " entries in a map page",
        "from 16 to 8192");
  }

  /** 32 KiB, 128 KiB, 32 MiB and 512. */
  public static RepositoryOptions defaults() {
    return new RepositoryOptions(32 << 10, 128 << 10, 32 << 20, 512);
  }

  /** How many blocks a file of this size has. */
  long blocksOf(long size) {
    return (size + blockSize - 1) / blockSize;
  }

  /** The plain length of a block of a file. */
  int lengthOf(long block, long size) {
    return (int) Math.min(blockSize, size - block * blockSize);
  }

  private static void require(boolean holds, String found, String expected) {
    if (!holds) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE, found + " is not possible", "choose " + expected);
    }
  }
}
