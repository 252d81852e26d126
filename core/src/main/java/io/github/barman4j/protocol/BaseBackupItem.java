package io.github.barman4j.protocol;

import java.nio.ByteBuffer;

/** What a {@link BaseBackupStream} gives out (manual, 55.4, BASE_BACKUP, since 15). */
public sealed interface BaseBackupItem {

  /**
   * A new archive begins.
   *
   * @param name {@code base.tar} or {@code <oid>.tar}, with {@code .gz}, {@code .lz4} or {@code .zst} when it is compressed
   * @param location empty for the data directory, else the tablespace's directory on the server
   */
  record Archive(String name, String location) implements BaseBackupItem {}

  /**
   * Bytes of the archive or manifest that began last.
   *
   * @param bytes valid until the next item; backed by an array
   */
  record Data(ByteBuffer bytes) implements BaseBackupItem {}

  /**
   * How far the server is.
   *
   * @param bytes of the database, uncompressed, in all tablespaces so far
   */
  record Progress(long bytes) implements BaseBackupItem {}

  /** The backup manifest begins. It is never compressed. */
  record Manifest() implements BaseBackupItem {}
}
