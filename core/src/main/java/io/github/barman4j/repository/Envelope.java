package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.GcmKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * How one object is encrypted: a header with the salt of its key, then segments of {@link #SEGMENT_BYTES} plain bytes, each sealed with its
 * number as nonce; the last, which alone may be shorter, with a mark in the nonce. So any segment can be read alone, and none can be left out,
 * moved, repeated or brought in from another object. The site's page "Repository format" has it byte by byte. Immutable.
 */
final class Envelope {
  static final int SEGMENT_BYTES = 32 << 10;
  static final int STORED_SEGMENT_BYTES = SEGMENT_BYTES + GcmKey.TAG_BYTES;
  static final int HEADER_BYTES = 44;

  private static final byte[] MAGIC = "BRM-CRYP".getBytes(US_ASCII);
  private static final short VERSION = 1;
  private static final int SALT_BYTES = 32;
  private static final int SALT_AT = HEADER_BYTES - SALT_BYTES;
  private static final int LAST = 1;

  private final String object;
  private final byte[] header;
  private final GcmKey key;

  private Envelope(String object, byte[] header, DataKey key) {
    this.object = object;
    this.header = header;
    this.key = key.ofObject(Arrays.copyOfRange(header, SALT_AT, HEADER_BYTES), object);
  }

  /** Of a new object; the salt makes its key one that no other object has, of the same name neither. */
  static Envelope create(DataKey key, String object, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] header = ByteBuffer.allocate(HEADER_BYTES)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .put(salt)
        .array();
    return new Envelope(object, header, key);
  }

  /** @param start the object's beginning */
  static Envelope open(DataKey key, String object, byte[] start) {
    byte[] expected = ByteBuffer.allocate(SALT_AT)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .array();
    if (start.length < HEADER_BYTES || !Arrays.equals(start, 0, SALT_AT, expected, 0, SALT_AT)) {
      throw Damage.in(object, "it does not begin like an encrypted object");
    }
    return new Envelope(object, Arrays.copyOf(start, HEADER_BYTES), key);
  }

  /** How many plain bytes an object of so many stored ones has; 0 when it cannot be one. */
  static long plainSize(long stored) {
    long body = stored - HEADER_BYTES;
    long segments = (body + STORED_SEGMENT_BYTES - 1) / STORED_SEGMENT_BYTES;
    return Math.max(0, body - segments * GcmKey.TAG_BYTES);
  }

  /** Where a segment begins in the object. */
  static long placeOf(long number) {
    return HEADER_BYTES + number * STORED_SEGMENT_BYTES;
  }

  byte[] header() {
    return header;
  }

  /** @return how many bytes were written to the beginning of {@code target} */
  int seal(long number, boolean last, byte[] plain, int length, byte[] target) {
    return key.seal(nonce(number, last), header, plain, 0, length, target, 0);
  }

  /** @return how many plain bytes were written */
  int open(
      long number,
      boolean last,
      byte[] stored,
      int offset,
      int length,
      byte[] target,
      int targetOffset) {
    try {
      return key.open(nonce(number, last), header, stored, offset, length, target, targetOffset);
    } catch (IntegrityException e) {
      throw Damage.in(object, e.problem() + " (segment " + number + ")", e);
    }
  }

  private static byte[] nonce(long number, boolean last) {
    return ByteBuffer.allocate(GcmKey.NONCE_BYTES)
        .putInt(last ? LAST : 0)
        .putLong(number)
        .array();
  }
}
