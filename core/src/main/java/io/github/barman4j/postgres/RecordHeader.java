package io.github.barman4j.postgres;

/** Where the fields of a record's header lie (xlogrecord.h, XLogRecord, 15–18). */
final class RecordHeader {
  /** Bytes of the header; the body follows without padding. */
  static final int LENGTH = 24;

  /** Bytes of the header that its checksum covers, after the body. */
  static final int CHECKED_LENGTH = 20;

  private RecordHeader() {}

  /** Bytes of header and body. */
  static int total(byte[] bytes, int at) {
    return Bytes.int32(bytes, at);
  }

  static long xid(byte[] bytes, int at) {
    return Bytes.unsigned32(bytes, at + 4);
  }

  /** Position of the record before. */
  static long link(byte[] bytes, int at) {
    return Bytes.int64(bytes, at + 8);
  }

  static int info(byte[] bytes, int at) {
    return Bytes.unsigned8(bytes, at + 16);
  }

  static int resourceManager(byte[] bytes, int at) {
    return Bytes.unsigned8(bytes, at + 17);
  }

  /** CRC-32C. */
  static int checksum(byte[] bytes, int at) {
    return Bytes.int32(bytes, at + CHECKED_LENGTH);
  }
}
