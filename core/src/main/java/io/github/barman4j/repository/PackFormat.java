package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.barman4j.BlockHash;
import io.github.barman4j.store.ObjectStore;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Header, frame table and trailer of a pack. */
final class PackFormat {
  static final int TABLE_ENTRY_BYTES = 16;
  static final int TRAILER_BYTES = 64;

  private static final byte[] MAGIC = "BRM-PACK".getBytes(US_ASCII);
  private static final byte[] END_MAGIC = "BRM-PEND".getBytes(US_ASCII);
  private static final short VERSION = 1;
  private static final int HEADER_FIXED_BYTES = 22;
  private static final int MAXIMUM_HEADER = HEADER_FIXED_BYTES + 256;

  private PackFormat() {}

  static byte[] header(long packId, String backupId) {
    byte[] id = backupId.getBytes(US_ASCII);
    return ByteBuffer.allocate(HEADER_FIXED_BYTES + id.length)
        .put(MAGIC)
        .putShort(VERSION)
        .putShort((short) 0)
        .putLong(packId)
        .putShort((short) id.length)
        .put(id)
        .array();
  }

  static byte[] tableEntry(int offset, byte[] frame, int length) {
    ByteBuffer fields = ByteBuffer.wrap(frame);
    return ByteBuffer.allocate(TABLE_ENTRY_BYTES)
        .putInt(offset)
        .putInt(length)
        .putInt(fields.getInt())
        .put(fields.get())
        .put(fields.get())
        .put(fields.get())
        .put((byte) 0)
        .array();
  }

  static byte[] trailer(byte[] header, byte[] table, int tableOffset, long plainBytes) {
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES)
        .putInt(table.length / TABLE_ENTRY_BYTES)
        .putInt(0)
        .putLong(plainBytes)
        .putLong(tableOffset);
    BlockHash.digest()
        .update(header, 0, header.length)
        .update(table, 0, table.length)
        .update(trailer.array(), 0, trailer.position())
        .finish()
        .write(trailer);
    return trailer.put(END_MAGIC).array();
  }

  /** Whether a pack says that it was written by a backup; false when it says nothing sensible. */
  static boolean isOf(String backupId, byte[] start) {
    if (start.length < HEADER_FIXED_BYTES) {
      return false;
    }
    byte[] expected = header(ByteBuffer.wrap(start).getLong(HEADER_FIXED_BYTES - 10), backupId);
    return start.length >= expected.length
        && Arrays.equals(start, 0, expected.length, expected, 0, expected.length);
  }

  /** Enough bytes for {@link #isOf}. */
  static byte[] readStart(ObjectStore store, String object) {
    return store.get(object, 0, MAXIMUM_HEADER);
  }

  /** What a pack says about itself, verified: where its frames begin and end, and what stands between. */
  private record Ends(int from, long to, byte[] table, long plainBytes) {}

  /** How many plain bytes a pack says that it holds, not verified; 0 when it is not there or too short. */
  static long plainBytes(ObjectStore store, String object) {
    long size = store.size(object).orElse(0);
    if (size < HEADER_FIXED_BYTES + TRAILER_BYTES) {
      return 0;
    }
    byte[] trailer = store.getFully(object, size - TRAILER_BYTES, TRAILER_BYTES);
    return ByteBuffer.wrap(trailer).getLong(2 * Integer.BYTES);
  }

  /**
   * Verifies every byte of a pack but the hashes of its blocks, and returns how many plain bytes it holds.
   *
   * @throws io.github.barman4j.IntegrityException when any has changed
   */
  static long verify(ObjectStore store, String object, long packId) {
    Ends ends = ends(store, object, packId);
    for (ByteBuffer entries = ByteBuffer.wrap(ends.table()); entries.hasRemaining(); ) {
      int offset = entries.getInt();
      int length = entries.getInt();
      int checksum = entries.getInt();
      entries.getInt();
      byte[] frame = store.getFully(object, offset, length);
      if (Frame.checksum(frame, 0) != checksum || Frame.checksum(frame, 0, length) != checksum) {
        throw Damage.in(
            object, "the checksum of the frame at offset " + offset + " does not match");
      }
    }
    return ends.plainBytes();
  }

  /** As {@link #verify}, but without the frames: header, frame table and trailer. */
  static void verifyEnds(ObjectStore store, String object, long packId) {
    ends(store, object, packId);
  }

  private static Ends ends(ObjectStore store, String object, long packId) {
    long size = store.size(object).orElseThrow(() -> Damage.in(object, "it is missing"));
    byte[] start = readStart(store, object);
    if (size < HEADER_FIXED_BYTES + TRAILER_BYTES || start.length < HEADER_FIXED_BYTES) {
      throw Damage.in(object, "it is too short for a pack");
    }
    ByteBuffer trailer =
        ByteBuffer.wrap(store.getFully(object, size - TRAILER_BYTES, TRAILER_BYTES));
    int frames = trailer.getInt();
    trailer.getInt();
    long plainBytes = trailer.getLong();
    long tableOffset = trailer.getLong();
    long tableLength = size - TRAILER_BYTES - tableOffset;
    if (tableOffset < 0 || tableLength < 0 || tableLength != (long) frames * TABLE_ENTRY_BYTES) {
      throw Damage.in(object, "its trailer does not match its length");
    }
    byte[] table = store.getFully(object, tableOffset, (int) tableLength);
    int idLength = ByteBuffer.wrap(start).getShort(HEADER_FIXED_BYTES - 2) & 0xFFFF;
    int headerLength = HEADER_FIXED_BYTES + idLength;
    if (headerLength > start.length) {
      throw Damage.in(object, "its header has an impossible length");
    }
    byte[] header = Arrays.copyOf(start, headerLength);
    String backupId = new String(header, HEADER_FIXED_BYTES, idLength, US_ASCII);
    byte[] expected = trailer(header, table, (int) tableOffset, plainBytes);
    if (!Arrays.equals(expected, trailer.array())
        || !Arrays.equals(header, header(packId, backupId))) {
      throw Damage.in(object, "the hash over header and frame table does not match");
    }
    Ends ends = new Ends(headerLength, tableOffset, table, plainBytes);
    requireNoGaps(object, ends);
    return ends;
  }

  private static void requireNoGaps(String object, Ends ends) {
    long expected = ends.from();
    for (ByteBuffer entries = ByteBuffer.wrap(ends.table()); entries.hasRemaining(); ) {
      int offset = entries.getInt();
      int length = entries.getInt();
      entries.getLong();
      if (offset != expected || length <= Integer.BYTES || length > ends.to() - offset) {
        throw Damage.in(object, "its frames do not follow each other");
      }
      expected += length;
    }
    if (expected != ends.to()) {
      throw Damage.in(object, "there are bytes between its frames and their table");
    }
  }

  /** Collects table entries. */
  static final class Table {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(int offset, byte[] frame, int length) {
      bytes.writeBytes(tableEntry(offset, frame, length));
    }

    byte[] toByteArray() {
      return bytes.toByteArray();
    }
  }
}
