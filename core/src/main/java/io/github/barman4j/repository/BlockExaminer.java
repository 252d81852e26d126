package io.github.barman4j.repository;

import io.github.barman4j.IntegrityException;

/** Is told about every block of a stored file, in order, the damaged ones too. Used by one thread. */
public interface BlockExaminer {

  /**
   * Whether a block has to be read. About one that has not, nothing more is said.
   *
   * @param number from 0, in the file
   */
  boolean wants(long number, StoredBlock block);

  /**
   * A block that was read and has its hash.
   *
   * @param buffer belongs to the reader: not to be changed, and not to be used after the call
   * @param from where in the buffer it begins
   */
  void sound(long number, StoredBlock block, byte[] buffer, int from, int length);

  /** A block of zeros, which is not stored. */
  void zero(long number, int length);

  /** A block that cannot be read as it was stored. */
  void damaged(long number, StoredBlock block, int length, IntegrityException damage);

  /** Blocks of which nothing is known, since the map page that lists them is damaged. */
  void unknown(long first, long count, IntegrityException damage);
}
