package io.github.barman4j.postgres;

/**
 * Reads which pages a record concerns (xlogreader.c, DecodeXLogRecord, and xlogrecord.h, 15–18).
 */
final class RecordBlocks {
  private static final int LAST_BLOCK = 32;
  private static final int TOP_LEVEL_XID = 252;
  private static final int ORIGIN = 253;
  private static final int DATA_LONG = 254;
  private static final int DATA_SHORT = 255;

  private static final int FORK = 0x0F;
  private static final int HAS_IMAGE = 0x10;
  private static final int WILL_INIT = 0x40;
  private static final int SAME_RELATION = 0x80;

  private static final int IMAGE_HAS_HOLE = 0x01;
  private static final int IMAGE_APPLIES = 0x02;
  private static final int IMAGE_COMPRESSED = 0x04 | 0x08 | 0x10;

  private static final int DATABASE = 4;

  private RecordBlocks() {}

  /**
   * Tells the pages and, of a record that makes or drops a whole database, the database.
   *
   * @param total bytes of the whole body, of which {@code bytes[from, to)} is the beginning or all
   * @throws io.github.barman4j.BarmanException (WAL_INVALID) if the body is not what its header says
   */
  static void read(
      int resourceManager,
      byte[] bytes,
      int from,
      int to,
      long total,
      WalReader.BlockObserver told) {
    Cursor headers = new Cursor(bytes, from, to);
    long announced = 0;
    long tablespace = 0;
    long database = 0;
    long relation = 0;
    while (total - (to - from - headers.left()) > announced) {
      int id = headers.unsigned8();
      if (id == DATA_SHORT || id == DATA_LONG) {
        long length = id == DATA_SHORT ? headers.unsigned8() : headers.unsigned32();
        if (resourceManager == DATABASE && length >= 4 && to - from == total) {
          headers.skip(headers.left() - length);
          told.database(headers.unsigned32());
        }
        return;
      }
      if (id == ORIGIN) {
        headers.skip(2);
        continue;
      }
      if (id == TOP_LEVEL_XID) {
        headers.skip(4);
        continue;
      }
      if (id > LAST_BLOCK) {
        throw Malformed.wal("a WAL record has the unexpected part " + id);
      }
      int flags = headers.unsigned8();
      announced += headers.unsigned16();
      boolean rewrites = (flags & WILL_INIT) != 0;
      if ((flags & HAS_IMAGE) != 0) {
        announced += headers.unsigned16();
        headers.skip(2);
        int image = headers.unsigned8();
        if ((image & IMAGE_HAS_HOLE) != 0 && (image & IMAGE_COMPRESSED) != 0) {
          headers.skip(2);
        }
        rewrites |= (image & IMAGE_APPLIES) != 0;
      }
      if ((flags & SAME_RELATION) == 0) {
        tablespace = headers.unsigned32();
        database = headers.unsigned32();
        relation = headers.unsigned32();
      }
      long block = headers.unsigned32();
      told.block(new BlockReference(tablespace, database, relation, flags & FORK, block, rewrites));
    }
  }
}
