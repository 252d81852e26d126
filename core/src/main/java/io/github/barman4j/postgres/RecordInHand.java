package io.github.barman4j.postgres;

import java.util.zip.CRC32C;

/**
 * A record that is being put together from pieces, or checked as one. Keeps the header, the running checksum, and of the body what
 * {@link KeptBody} keeps. Not thread-safe.
 */
final class RecordInHand {
  private final CRC32C checksum = new CRC32C();
  private final byte[] head = new byte[RecordHeader.LENGTH];
  private final KeptBody body;
  private int total;
  private int got;
  private boolean keepsAll;

  RecordInHand(int largestBody) {
    body = new KeptBody(largestBody);
  }

  /** From here on keeps every body. */
  void keepAll() {
    keepsAll = true;
  }

  /** Lets go of the record before and expects one of {@code length} bytes. */
  void expect(int length) {
    total = length;
    got = 0;
    body.clear();
    checksum.reset();
  }

  /** Lets go of the record. */
  void drop() {
    got = 0;
  }

  /** Whether a part of the record has been taken. */
  boolean isBegun() {
    return got > 0;
  }

  /** Bytes of header and body. */
  int total() {
    return total;
  }

  int missing() {
    return total - got;
  }

  boolean hasHeader() {
    return got >= RecordHeader.LENGTH;
  }

  byte[] header() {
    return head;
  }

  byte[] body() {
    return body.array();
  }

  /** Bytes of the body that were kept. */
  int bodyLength() {
    return body.length();
  }

  /** The next {@code count} bytes of the record. */
  void take(byte[] bytes, int from, int count) {
    int toHead = Math.max(0, Math.min(RecordHeader.LENGTH - got, count));
    System.arraycopy(bytes, from, head, Math.min(got, RecordHeader.LENGTH), toHead);
    got += toHead;
    if (toHead > 0 && got == RecordHeader.LENGTH) {
      boolean kept = keepsAll
          || RecordDecoder.readsBody(
              RecordHeader.resourceManager(head, 0), RecordHeader.info(head, 0));
      body.expect(kept, total - RecordHeader.LENGTH);
    }
    int toBody = count - toHead;
    checksum.update(bytes, from + toHead, toBody);
    body.add(bytes, from + toHead, toBody);
    got += toBody;
  }

  /** Whether the checksum of the record that has been taken is right. */
  boolean isRight() {
    checksum.update(head, 0, RecordHeader.CHECKED_LENGTH);
    return (int) checksum.getValue() == RecordHeader.checksum(head, 0);
  }

  /** Whether the checksum of a record that lies at {@code at} as a whole is right. */
  boolean isRight(byte[] bytes, int at) {
    checksum.reset();
    checksum.update(bytes, at + RecordHeader.LENGTH, total - RecordHeader.LENGTH);
    checksum.update(bytes, at, RecordHeader.CHECKED_LENGTH);
    return (int) checksum.getValue() == RecordHeader.checksum(bytes, at);
  }
}
