package io.github.barman4j.postgres;

import java.nio.charset.StandardCharsets;

/** Reads a record's body from front to end and refuses to run over it; not thread-safe. */
final class Cursor {
  private final byte[] bytes;
  private final int limit;
  private int position;

  /** Over {@code bytes[from, to)}, which it does not copy. */
  Cursor(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.position = from;
    this.limit = to;
  }

  int left() {
    return limit - position;
  }

  int unsigned8() {
    return Bytes.unsigned8(bytes, take(1));
  }

  int unsigned16() {
    return Bytes.unsigned16(bytes, take(2));
  }

  int int32() {
    return Bytes.int32(bytes, take(4));
  }

  long unsigned32() {
    return Bytes.unsigned32(bytes, take(4));
  }

  long int64() {
    return Bytes.int64(bytes, take(8));
  }

  void skip(long count) {
    take(count);
  }

  /** Skips a count and as many entries of {@code size} bytes. */
  void skipArray(int size) {
    long count = unsigned32();
    take(count * size);
  }

  /** A count and as many transaction ids. */
  Xids xids() {
    return xids(unsigned32());
  }

  Xids xids(long count) {
    int from = take(count * 4);
    return Xids.read(bytes, from, (int) count);
  }

  /** Text of at most {@code width} bytes, up to its NUL; takes the whole width. */
  String text(int width) {
    int from = take(width);
    return text(from, from + width);
  }

  /** Text up to its NUL, which is taken too. */
  String text() {
    int end = position;
    while (end < limit && bytes[end] != 0) {
      end++;
    }
    String text = text(position, end);
    take(end + 1 - position);
    return text;
  }

  private String text(int from, int to) {
    int end = from;
    while (end < to && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.UTF_8);
  }

  private int take(long count) {
    if (count < 0 || count > limit - position) {
      throw Malformed.wal("a WAL record of " + limit + " bytes ends before its content does");
    }
    int from = position;
    position += (int) count;
    return from;
  }
}
