package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.barman4j.BlockHash;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Header, index and trailer of a manifest. */
final class ManifestFormat {
  static final int TRAILER_BYTES = 80;

  private static final byte[] MAGIC = "BRM-MANI".getBytes(US_ASCII);
  private static final byte[] END_MAGIC = "BRM-MEND".getBytes(US_ASCII);
  private static final short VERSION = 1;
  private static final int HEADER_FIXED_BYTES = 14;
  private static final int HASH_AT = TRAILER_BYTES - BlockHash.BYTES - END_MAGIC.length;
  private static final int INDEX_FIXED_BYTES = 8 + 4 + 4 + 1 + BlockHash.BYTES + 2;

  private ManifestFormat() {}

  /**
   * Where a page lies.
   *
   * @param stored the hash of the page as it is stored
   * @param firstKey of its first entry
   */
  record Page(
      long offset, int length, int plainLength, byte codec, BlockHash stored, byte[] firstKey) {

    byte[] encode() {
      ByteBuffer buffer = ByteBuffer.allocate(INDEX_FIXED_BYTES + firstKey.length);
      buffer.putLong(offset).putInt(length).putInt(plainLength).put(codec);
      stored.write(buffer);
      return buffer.putShort((short) firstKey.length).put(firstKey).array();
    }

    static Page decode(ByteBuffer buffer) {
      long offset = buffer.getLong();
      int length = buffer.getInt();
      int plainLength = buffer.getInt();
      byte codec = buffer.get();
      BlockHash stored = BlockHash.read(buffer);
      byte[] firstKey = new byte[buffer.getShort() & 0xFFFF];
      buffer.get(firstKey);
      return new Page(offset, length, plainLength, codec, stored, firstKey);
    }
  }

  /**
   * The end of a manifest but its hash.
   *
   * @param bytes of all files
   */
  record Trailer(
      long indexOffset, int indexLength, int pages, long entries, long files, long bytes) {

    /** @return the whole trailer; see {@link #hashOf} */
    byte[] encode(byte[] header, byte[] index) {
      ByteBuffer buffer = ByteBuffer.allocate(TRAILER_BYTES)
          .putLong(indexOffset)
          .putInt(indexLength)
          .putInt(pages)
          .putLong(entries)
          .putLong(files)
          .putLong(bytes);
      BlockHash.digest()
          .update(header, 0, header.length)
          .update(index, 0, index.length)
          .update(buffer.array(), 0, buffer.position())
          .finish()
          .write(buffer);
      return buffer.put(END_MAGIC).array();
    }

    static Trailer decode(byte[] trailer) {
      ByteBuffer buffer = ByteBuffer.wrap(trailer);
      return new Trailer(
          buffer.getLong(),
          buffer.getInt(),
          buffer.getInt(),
          buffer.getLong(),
          buffer.getLong(),
          buffer.getLong());
    }

    static BlockHash hashOf(byte[] trailer) {
      return BlockHash.read(ByteBuffer.wrap(trailer, HASH_AT, BlockHash.BYTES));
    }
  }

  static byte[] header(String backupId) {
    byte[] id = backupId.getBytes(US_ASCII);
    return ByteBuffer.allocate(HEADER_FIXED_BYTES + id.length)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .putShort((short) id.length)
        .put(id)
        .array();
  }

  /** Whether a trailer is the one that header and index must have. */
  static boolean fits(byte[] trailer, byte[] header, byte[] index) {
    return Arrays.equals(trailer, Trailer.decode(trailer).encode(header, index));
  }
}
