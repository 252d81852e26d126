package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.util.Arrays;

/** Recognises blocks that are all zero. Immutable. */
final class ZeroBlocks {
  private final byte[] zeros;
  private final BlockHash wholeBlock;

  ZeroBlocks(int blockSize) {
    this.zeros = new byte[blockSize];
    this.wholeBlock = BlockHash.of(zeros);
  }

  boolean isZero(byte[] bytes, int offset, int length) {
    return Arrays.equals(bytes, offset, offset + length, zeros, 0, length);
  }

  /** The hash of so many zero bytes. */
  BlockHash hash(int length) {
    return length == zeros.length ? wholeBlock : BlockHash.of(zeros, 0, length);
  }

  /** Zero bytes, as many as a block has; not to be written to. */
  byte[] bytes() {
    return zeros;
  }
}
