package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Blocks that were compressed together: plain again, their lengths and checksum verified, their hashes not yet. Immutable. */
final class Frame {
  /** Blocks of files. */
  static final byte DATA = 1;

  /** Map pages. */
  static final byte MAP = 2;

  static final int MAXIMUM_BLOCKS = 128;

  private static final int FIXED_BYTES = 12;
  private static final int MAXIMUM_PLAIN = 16 << 20;

  private final byte[] plain;
  private final int[] starts;

  private Frame(byte[] plain, int[] starts) {
    this.plain = plain;
    this.starts = starts;
  }

  /** How much room {@link #encode} may need. */
  static int bound(int plainLength) {
    return FIXED_BYTES + MAXIMUM_BLOCKS * Integer.BYTES + Codec.bound(plainLength);
  }

  /**
   * Writes a frame to the beginning of {@code target}.
   *
   * @param plain the blocks one after the other, from its beginning
   * @param lengths the first {@code count} are the lengths of the blocks
   * @return the length of the frame
   */
  static int encode(Codec codec, byte kind, byte[] plain, int[] lengths, int count, byte[] target) {
    int payloadAt = FIXED_BYTES + count * Integer.BYTES;
    int plainLength = 0;
    for (int i = 0; i < count; i++) {
      plainLength += lengths[i];
    }
    int payload = codec.compress(plain, 0, plainLength, target, payloadAt);
    byte codecId = codec.compression().id();
    if (payload < 0) {
      codecId = Compression.None.ID;
      payload = plainLength;
      System.arraycopy(plain, 0, target, payloadAt, plainLength);
    }
    ByteBuffer header = ByteBuffer.wrap(target, Integer.BYTES, payloadAt - Integer.BYTES);
    header.put(kind).put(codecId).put((byte) count).put((byte) 0).putInt(payload);
    for (int i = 0; i < count; i++) {
      header.putInt(lengths[i]);
    }
    int length = payloadAt + payload;
    ByteBuffer.wrap(target).putInt(checksum(target, 0, length));
    return length;
  }

  /**
   * Reads a frame.
   *
   * @param buffer used for the plain bytes when it is long enough; then the frame is good until the buffer is used again
   */
  static Frame decode(
      String object, byte kind, byte[] bytes, int offset, int length, byte[] buffer) {
    if (length <= FIXED_BYTES || checksum(bytes, offset, length) != checksum(bytes, offset)) {
      throw Damage.in(object, "the checksum of a frame does not match");
    }
    ByteBuffer header = ByteBuffer.wrap(bytes, offset + Integer.BYTES, length - Integer.BYTES);
    byte foundKind = header.get();
    byte codecId = header.get();
    int count = header.get() & 0xFF;
    int nonce = header.get();
    int payload = header.getInt();
    if (foundKind != kind
        || nonce != 0
        || count < 1
        || count > MAXIMUM_BLOCKS
        || payload < 0
        || length != FIXED_BYTES + count * Integer.BYTES + payload) {
      throw Damage.in(object, "the header of a frame is impossible");
    }
    int[] starts = new int[count + 1];
    for (int i = 0; i < count; i++) {
      int blockLength = header.getInt();
      if (blockLength < 1 || blockLength > MAXIMUM_PLAIN - starts[i]) {
        throw Damage.in(object, "a frame has a block of impossible length");
      }
      starts[i + 1] = starts[i] + blockLength;
    }
    int plainLength = starts[count];
    byte[] plain = buffer.length >= plainLength ? buffer : new byte[plainLength];
    try {
      Codec.decompress(codecId, bytes, header.position(), payload, plain, 0, plainLength);
    } catch (IntegrityException e) {
      throw Damage.in(object, e.problem(), e);
    }
    return new Frame(plain, starts);
  }

  /** The checksum that a frame says it has. */
  static int checksum(byte[] bytes, int offset) {
    return ByteBuffer.wrap(bytes, offset, Integer.BYTES).getInt();
  }

  /** The checksum that a frame really has. */
  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, offset + Integer.BYTES, length - Integer.BYTES);
    return (int) crc.getValue();
  }

  byte[] plain() {
    return plain;
  }

  /** Where a block begins in {@link #plain()}, after verifying its hash and length. */
  int verified(String object, BlockEntry entry, int expectedLength) {
    int index = entry.address().index();
    if (index >= starts.length - 1 || lengthOf(index) != expectedLength) {
      throw Damage.in(object, "a frame does not have the block that was asked for");
    }
    if (!BlockHash.of(plain, starts[index], expectedLength).equals(entry.hash())) {
      throw Damage.in(object, "the hash of a block does not match");
    }
    return starts[index];
  }

  /** The plain length of a block; -1 when there is no such block. */
  int lengthOf(int index) {
    return index < starts.length - 1 ? starts[index + 1] - starts[index] : -1;
  }
}
