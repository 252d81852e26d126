package io.github.barman4j.wal;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Integers of variable length: seven bits a byte, the least significant first, the top bit set on all but the last (unsigned
 * LEB128).
 */
final class VarInt {
  private static final int MAXIMUM_BYTES = 10;

  private VarInt() {}

  /** @throws IllegalArgumentException when the bytes end within a number or it has more than 64 bits */
  static long read(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < MAXIMUM_BYTES; i++) {
      byte next = readByte(in);
      if (i == MAXIMUM_BYTES - 1 && next > 1) {
        break;
      }
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number has more than 64 bits");
  }

  /**
   * The number of things that follow.
   *
   * @param minimumBytes the fewest bytes that one of them takes; a count that the rest of the bytes cannot hold is refused
   */
  static int readCount(ByteBuffer in, int minimumBytes) {
    long count = read(in);
    if (count < 0 || count > in.remaining() / minimumBytes) {
      throw new IllegalArgumentException(
          "a count of " + Long.toUnsignedString(count) + " does not fit in the rest");
    }
    return (int) count;
  }

  private static byte readByte(ByteBuffer in) {
    try {
      return in.get();
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("the bytes end within a number", e);
    }
  }

  /** Collects bytes. Not thread-safe. */
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    void write(long value) {
      long rest = value;
      while ((rest & ~0x7FL) != 0) {
        out.write((int) (rest & 0x7F | 0x80));
        rest >>>= 7;
      }
      out.write((int) rest);
    }

    void write(byte[] bytes) {
      out.write(bytes, 0, bytes.length);
    }

    byte[] toByteArray() {
      return out.toByteArray();
    }
  }
}
