package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.store.ObjectStore;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The beginning of a sealed object, which has a hash of its own.
 *
 * @param key relative to the server
 */
record SealedHeader(byte codec, String key, byte[] attributes) {
  /** Enough for a header with few attributes. */
  static final int USUAL_BYTES = 4096;

  static final int FIXED_BYTES = 18;
  static final int TRAILER_BYTES = Integer.BYTES + Long.BYTES + BlockHash.BYTES;

  private static final byte[] MAGIC = "BRM-SEAL".getBytes(US_ASCII);
  private static final short VERSION = 1;
  private static final int MAXIMUM_ATTRIBUTES = 64 << 20;

  SealedHeader {
    if (attributes.length > MAXIMUM_ATTRIBUTES) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "object '" + key + "' would have " + attributes.length + " bytes of attributes",
          "an object may have up to 64 MiB of them");
    }
  }

  byte[] bytes() {
    byte[] keyBytes = key.getBytes(US_ASCII);
    int hashed = FIXED_BYTES + keyBytes.length + attributes.length;
    ByteBuffer buffer = ByteBuffer.allocate(hashed + BlockHash.BYTES);
    buffer.put(MAGIC).putShort(VERSION).put(codec).put((byte) 0);
    buffer.putShort((short) keyBytes.length).putInt(attributes.length);
    buffer.put(keyBytes).put(attributes);
    BlockHash.of(buffer.array(), 0, hashed).write(buffer);
    return buffer.array();
  }

  /**
   * The length of the whole header, from its fixed part.
   *
   * @param start at least {@link #FIXED_BYTES}, unless the object ends before
   */
  static int lengthOf(String object, byte[] start) {
    if (start.length < FIXED_BYTES
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw Damage.in(object, "it does not begin like a sealed object");
    }
    ByteBuffer buffer = ByteBuffer.wrap(start, MAGIC.length, FIXED_BYTES - MAGIC.length);
    int version = buffer.getShort() & 0xFFFF;
    if (version != VERSION) {
      throw Damage.in(object, "its version is " + version + " instead of " + VERSION);
    }
    buffer.get();
    int nonce = buffer.get();
    int keyLength = buffer.getShort() & 0xFFFF;
    int attributesLength = buffer.getInt();
    if (nonce != 0 || attributesLength < 0 || attributesLength > MAXIMUM_ATTRIBUTES) {
      throw Damage.in(object, "its header has impossible lengths");
    }
    return FIXED_BYTES + keyLength + attributesLength + BlockHash.BYTES;
  }

  /** @param bytes the whole header; what follows is ignored */
  static SealedHeader parse(String object, String key, byte[] bytes) {
    int length = lengthOf(object, bytes);
    if (bytes.length < length) {
      throw Damage.in(object, "it ends within its header");
    }
    int hashed = length - BlockHash.BYTES;
    BlockHash stored = BlockHash.read(ByteBuffer.wrap(bytes, hashed, BlockHash.BYTES));
    if (!stored.equals(BlockHash.of(bytes, 0, hashed))) {
      throw Damage.in(object, "the hash of its header does not match");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    byte codec = buffer.get(MAGIC.length + Short.BYTES);
    int keyLength = buffer.getShort(MAGIC.length + Short.BYTES + 2) & 0xFFFF;
    String found = new String(bytes, FIXED_BYTES, keyLength, US_ASCII);
    if (!found.equals(key)) {
      throw Damage.in(object, "it is a copy of '" + found + "'");
    }
    return new SealedHeader(codec, key, Arrays.copyOfRange(bytes, FIXED_BYTES + keyLength, hashed));
  }

  /** The length of the plain content, from the object's end. */
  static long contentLength(String object, long storedLength, ObjectStore store) {
    long trailer = storedLength - TRAILER_BYTES;
    if (trailer < FIXED_BYTES) {
      throw Damage.in(object, "it has only " + storedLength + " bytes");
    }
    ByteBuffer end = ByteBuffer.wrap(store.getFully(object, trailer, TRAILER_BYTES));
    int marker = end.getInt();
    long length = end.getLong();
    if (marker != 0 || length < 0) {
      throw Damage.in(object, "it does not end like a sealed object");
    }
    return length;
  }
}
