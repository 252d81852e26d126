package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.Upload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the sorted entries of a backup, page by page. Not thread-safe. */
final class ManifestWriter implements AutoCloseable {
  private static final int PAGE_BYTES = 64 << 10;

  private final String object;
  private final Codec codec;
  private final Upload upload;
  private final byte[] header;
  private final ByteArrayOutputStream page = new ByteArrayOutputStream();
  private final ByteArrayOutputStream index = new ByteArrayOutputStream();
  private byte[] firstKey = {};
  private byte @Nullable [] lastRecord;
  private long offset;
  private int pages;
  private long entries;

  ManifestWriter(ObjectStore store, ServerKeys keys, String backupId, Codec codec) {
    this.object = keys.manifest(backupId);
    this.codec = codec;
    this.upload = store.upload(object);
    this.header = ManifestFormat.header(backupId);
    boolean begun = false;
    try {
      write(header);
      begun = true;
    } finally {
      if (!begun) {
        upload.close();
      }
    }
  }

  /** Takes a record whose key is greater than that of the record before. */
  void add(byte[] record) {
    if (lastRecord != null && ManifestRecord.compareKeys(lastRecord, record) >= 0) {
      byte[] key = ManifestRecord.keyOf(record);
      throw new BarmanException(
          ErrorCode.BACKUP_FAILED,
          "the backup has '" + new String(key, 1, key.length - 1, UTF_8) + "' twice",
          "a server does not have a file twice: was the stream changed on its way?");
    }
    lastRecord = record;
    if (page.size() == 0) {
      firstKey = ManifestRecord.keyOf(record);
    }
    page.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(record.length).array());
    page.writeBytes(record);
    entries++;
    if (page.size() >= PAGE_BYTES) {
      endPage();
    }
  }

  /**
   * Makes the manifest durable.
   *
   * @return its hash
   */
  BlockHash finish(long files, long bytes) {
    if (page.size() > 0) {
      endPage();
    }
    byte[] indexBytes = index.toByteArray();
    byte[] trailer = new ManifestFormat.Trailer(
            offset, indexBytes.length, pages, entries, files, bytes)
        .encode(header, indexBytes);
    write(indexBytes);
    write(trailer);
    if (!upload.commitIfAbsent()) {
      throw new BarmanException(
          ErrorCode.BACKUP_EXISTS,
          "object '" + object + "' is there already",
          "take the backup again; it gets another id");
    }
    return ManifestFormat.Trailer.hashOf(trailer);
  }

  /** Bytes of the manifest so far. */
  long storedBytes() {
    return offset;
  }

  @Override
  public void close() {
    upload.close();
  }

  private void endPage() {
    byte[] plain = page.toByteArray();
    byte[] compressed = codec.compress(plain, 0, plain.length);
    byte codecId =
        compressed == null ? Compression.None.ID : codec.compression().id();
    byte[] stored = compressed == null ? plain : compressed;
    index.writeBytes(new ManifestFormat.Page(
            offset, stored.length, plain.length, codecId, BlockHash.of(stored), firstKey)
        .encode());
    write(stored);
    pages++;
    page.reset();
  }

  private void write(byte[] bytes) {
    try {
      upload.out().write(bytes);
    } catch (IOException e) {
      throw StreamFailure.writing(object, e);
    }
    offset += bytes.length;
  }
}
