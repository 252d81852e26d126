package io.github.barman4j.repository;

import java.nio.ByteBuffer;

/**
 * Where a stored block lies.
 *
 * @param pack 0 for a block that is all zero and therefore not stored
 * @param offset of the frame in the pack, bytes
 * @param length of the frame with its header, bytes, less than 2²⁴
 * @param index of the block in the frame, 0 to 255
 */
record BlockAddress(long pack, int offset, int length, int index) {
  static final int BYTES = 16;
  static final BlockAddress ZERO = new BlockAddress(0, 0, 0, 0);

  private static final int INDEX_BITS = 8;

  static BlockAddress read(ByteBuffer buffer) {
    long pack = buffer.getLong();
    int offset = buffer.getInt();
    int lengthAndIndex = buffer.getInt();
    return pack == 0 && offset == 0 && lengthAndIndex == 0
        ? ZERO
        : new BlockAddress(pack, offset, lengthAndIndex >>> INDEX_BITS, lengthAndIndex & 0xFF);
  }

  void write(ByteBuffer buffer) {
    buffer.putLong(pack).putInt(offset).putInt(length << INDEX_BITS | index);
  }

  boolean isZero() {
    return pack == 0;
  }

  /** Another block of the same frame. */
  BlockAddress at(int otherIndex) {
    return new BlockAddress(pack, offset, length, otherIndex);
  }

  boolean sameFrame(BlockAddress other) {
    return pack == other.pack && offset == other.offset;
  }
}
