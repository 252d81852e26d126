package io.github.barman4j.repository;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;

/**
 * Sorts the records of a manifest in bounded memory: what is too much is written as sorted runs, scratch objects of the backup, which are
 * merged at the end. Not thread-safe.
 */
final class ManifestSorter implements AutoCloseable {
  /** Heap that a record takes beside its bytes, about. */
  private static final int OVERHEAD_BYTES = 32;

  private static final int BUFFER_BYTES = 64 << 10;

  private final SealedObjects scratch;
  private final ServerKeys keys;
  private final String backupId;
  private final int memoryBytes;
  private final List<byte[]> records = new ArrayList<>();
  private final List<String> runs = new ArrayList<>();
  private long recordBytes;

  /** @param memoryBytes how many bytes of records are kept before a run is written */
  ManifestSorter(SealedObjects scratch, ServerKeys keys, String backupId, int memoryBytes) {
    this.scratch = scratch;
    this.keys = keys;
    this.backupId = backupId;
    this.memoryBytes = memoryBytes;
  }

  void add(byte[] record) {
    records.add(record);
    recordBytes += record.length + OVERHEAD_BYTES;
    if (recordBytes >= memoryBytes) {
      writeRun();
    }
  }

  /** Gives out all records, sorted. */
  void drainTo(Consumer<byte[]> target) {
    records.sort(ManifestRecord::compareKeys);
    if (runs.isEmpty()) {
      records.forEach(target);
      return;
    }
    List<Run> open = new ArrayList<>();
    try {
      PriorityQueue<Run> queue =
          new PriorityQueue<>((a, b) -> ManifestRecord.compareKeys(a.head, b.head));
      open.add(new MemoryRun(records.iterator()));
      for (String run : runs) {
        open.add(new StoredRun(run, scratch));
      }
      for (Run run : open) {
        if (run.advance()) {
          queue.add(run);
        }
      }
      while (!queue.isEmpty()) {
        Run least = queue.remove();
        target.accept(least.head);
        if (least.advance()) {
          queue.add(least);
        }
      }
    } finally {
      open.forEach(Run::close);
    }
  }

  /** Removes the scratch objects. */
  @Override
  public void close() {
    runs.forEach(scratch::delete);
    runs.clear();
  }

  private void writeRun() {
    records.sort(ManifestRecord::compareKeys);
    String key = keys.relative(keys.scratch(backupId, runs.size() + 1));
    try (SealedUpload upload = scratch.create(key, new byte[0])) {
      DataOutputStream out = new DataOutputStream(upload.out());
      for (byte[] record : records) {
        out.writeInt(record.length);
        out.write(record);
      }
      upload.commit();
    } catch (IOException e) {
      throw StreamFailure.writing(keys.of(key), e);
    }
    runs.add(key);
    records.clear();
    recordBytes = 0;
  }

  /** A sorted sequence of records. */
  private abstract static class Run {
    byte[] head = {};

    /** Moves to the next record; false at the end. */
    abstract boolean advance();

    void close() {}
  }

  private static final class MemoryRun extends Run {
    private final Iterator<byte[]> rest;

    MemoryRun(Iterator<byte[]> rest) {
      this.rest = rest;
    }

    @Override
    boolean advance() {
      boolean more = rest.hasNext();
      if (more) {
        head = rest.next();
      }
      return more;
    }
  }

  private static final class StoredRun extends Run {
    private final String key;
    private final DataInputStream in;

    StoredRun(String key, SealedObjects scratch) {
      this.key = key;
      this.in = new DataInputStream(new BufferedInputStream(scratch.open(key), BUFFER_BYTES));
    }

    @Override
    boolean advance() {
      try {
        byte[] record = new byte[in.readInt()];
        in.readFully(record);
        head = record;
        return true;
      } catch (EOFException e) {
        return false;
      } catch (IOException e) {
        throw StreamFailure.reading(key, e);
      }
    }

    @Override
    void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw StreamFailure.reading(key, e);
      }
    }
  }
}
