package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.Upload;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to packs. A full pack becomes durable on a thread of its own while the next is filled. Not thread-safe. {@link #close()}
 * without {@link #finish()} leaves full packs behind, which nothing refers to.
 */
final class PackWriter implements AutoCloseable {
  /** How many full packs may wait to become durable. */
  private static final int WAITING_PACKS = 1;

  private final ObjectStore store;
  private final ServerKeys keys;
  private final String backupId;
  private final int packSize;
  private final TaskGroup committing = TaskGroup.of("pack-writer", 1, WAITING_PACKS);
  private final Set<OpenPack> unfinished = ConcurrentHashMap.newKeySet();
  private @Nullable OpenPack open;
  private int number;
  private long storedBytes;

  PackWriter(ObjectStore store, ServerKeys keys, String backupId, int packSize) {
    this.store = store;
    this.keys = keys;
    this.backupId = backupId;
    this.packSize = packSize;
  }

  /** A pack that is being filled. */
  private static final class OpenPack {
    private final long id;
    private final String object;
    private final Upload upload;
    private final byte[] header;
    private final PackFormat.Table table = new PackFormat.Table();
    private int offset;
    private long plainBytes;

    OpenPack(long id, String object, byte[] header, Upload upload) {
      this.id = id;
      this.object = object;
      this.header = header;
      this.upload = upload;
    }

    void write(byte[] bytes, int length) {
      try {
        upload.out().write(bytes, 0, length);
      } catch (IOException e) {
        throw StreamFailure.writing(object, e);
      }
      offset += length;
    }
  }

  /**
   * Appends a frame.
   *
   * @return the address of its first block
   */
  BlockAddress append(byte[] frame, int length, int plainLength) {
    OpenPack pack = open;
    if (pack == null) {
      pack = begin();
      open = pack;
    }
    BlockAddress address = new BlockAddress(pack.id, pack.offset, length, 0);
    pack.table.add(pack.offset, frame, length);
    pack.plainBytes += plainLength;
    pack.write(frame, length);
    if (pack.offset >= packSize) {
      end(pack);
    }
    return address;
  }

  /** Bytes of all packs that were ended. */
  long storedBytes() {
    return storedBytes;
  }

  /** Returns when every pack is durable. */
  void finish() {
    if (open != null) {
      end(open);
    }
    committing.join();
  }

  @Override
  public void close() {
    committing.close();
    open = null;
    RuntimeException failure = null;
    for (OpenPack pack : unfinished) {
      try {
        pack.upload.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    unfinished.clear();
    if (failure != null) {
      throw failure;
    }
  }

  private OpenPack begin() {
    number++;
    long id = PackId.of(backupId, number);
    String object = keys.pack(id);
    byte[] header = PackFormat.header(id, backupId);
    OpenPack pack = new OpenPack(id, object, header, store.upload(object));
    unfinished.add(pack);
    pack.write(header, header.length);
    return pack;
  }

  private void end(OpenPack pack) {
    byte[] table = pack.table.toByteArray();
    byte[] trailer = PackFormat.trailer(pack.header, table, pack.offset, pack.plainBytes);
    pack.write(table, table.length);
    pack.write(trailer, trailer.length);
    storedBytes += pack.offset;
    committing.submit(() -> {
      commit(pack);
      return pack;
    });
    open = null;
  }

  private void commit(OpenPack pack) {
    try (Upload upload = pack.upload) {
      if (!upload.commitIfAbsent()) {
        throw new BarmanException(
            ErrorCode.BACKUP_FAILED,
            "object '" + pack.object + "' is there already",
            "take the backup again; it gets another id, and its packs other names");
      }
    }
    unfinished.remove(pack);
  }
}
