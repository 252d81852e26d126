package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.nio.ByteBuffer;

/** What a map says about one block: 48 bytes in an array of such. */
record BlockEntry(BlockHash hash, BlockAddress address) {
  static final int BYTES = BlockHash.BYTES + BlockAddress.BYTES;

  /** @param index of the entry, counted from {@code offset} */
  static BlockEntry read(byte[] entries, int offset, int index) {
    ByteBuffer buffer = ByteBuffer.wrap(entries, offset + index * BYTES, BYTES);
    return new BlockEntry(BlockHash.read(buffer), BlockAddress.read(buffer));
  }

  static void writeHash(byte[] entries, int index, BlockHash hash) {
    hash.write(ByteBuffer.wrap(entries, index * BYTES, BlockHash.BYTES));
  }

  static void writeAddress(byte[] entries, int index, BlockAddress address) {
    address.write(ByteBuffer.wrap(entries, index * BYTES + BlockHash.BYTES, BlockAddress.BYTES));
  }
}
