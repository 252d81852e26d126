package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;

/** Says which blocks of a file a reader need not bring, since whoever asks has them already. Used by one thread. */
@FunctionalInterface
public interface BlockPresence {
  /**
   * @param offset of the block in the file
   * @param length of the block, at least 1
   * @param hash what the block must have to be the stored one
   * @return false when it has to be read
   */
  boolean has(long offset, int length, BlockHash hash);
}
