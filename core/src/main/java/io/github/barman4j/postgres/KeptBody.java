package io.github.barman4j.postgres;

import java.util.Arrays;

/**
 * The body of a record that arrives in pieces: nothing of one that is not looked at, and at most a fixed number of its first bytes
 * else. Grows with what has arrived, never with what a header announces. Not thread-safe.
 */
final class KeptBody {
  private static final int FIRST_CAPACITY = 16 << 10;
  private static final byte[] EMPTY = {};

  private final int largest;
  private byte[] kept = EMPTY;
  private int length;
  private int wanted;

  KeptBody(int largest) {
    this.largest = largest;
  }

  /** Forgets everything, a large array included. */
  void clear() {
    length = 0;
    wanted = 0;
    if (kept.length > FIRST_CAPACITY) {
      kept = EMPTY;
    }
  }

  /** From here on keeps a body of {@code total} bytes, or none of it. */
  void expect(boolean keep, int total) {
    wanted = keep ? Math.min(total, largest) : 0;
  }

  void add(byte[] bytes, int from, int count) {
    int part = Math.min(count, wanted - length);
    if (part <= 0) {
      return;
    }
    if (kept.length < length + part) {
      int doubled =
          Math.max(FIRST_CAPACITY, Math.max(length + part, Math.min(2 * kept.length, largest)));
      kept = Arrays.copyOf(kept, doubled);
    }
    System.arraycopy(bytes, from, kept, length, part);
    length += part;
  }

  byte[] array() {
    return kept;
  }

  int length() {
    return length;
  }
}
