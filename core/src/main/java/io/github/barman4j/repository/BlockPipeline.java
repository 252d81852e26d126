package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Moves batches from the reading thread through the hashing threads and back, in order. The calling thread reads, and while it reads it takes
 * back what is done: so there is no queue between hashing and writing, and the work of the writing side (appending frames, filling map pages)
 * needs no lock. Not thread-safe.
 */
final class BlockPipeline {
  private static final int MAXIMUM_BATCHES = 32;
  private static final int MAXIMUM_BYTES = 24 << 20;

  private final RepositoryOptions options;
  private final Codec codec;
  private final TaskGroup workers;
  private final PackWriter packs;
  private final ReferablePacks referable;
  private final BackupTally tally;
  private final ZeroBlocks zeroBlocks;
  private final RecentBlocks recent = new RecentBlocks();
  private final Deque<Future<Batch>> inFlight = new ArrayDeque<>();
  private final Deque<Batch> idle = new ArrayDeque<>();
  private final int maximumInFlight;
  private Batch current;

  BlockPipeline(
      RepositoryOptions options,
      Codec codec,
      TaskGroup workers,
      PackWriter packs,
      ReferablePacks referable,
      BackupTally tally) {
    this.options = options;
    this.codec = codec;
    this.workers = workers;
    this.packs = packs;
    this.referable = referable;
    this.tally = tally;
    this.zeroBlocks = new ZeroBlocks(options.blockSize());
    this.maximumInFlight =
        Math.max(4, Math.min(MAXIMUM_BATCHES, MAXIMUM_BYTES / (2 * options.frameSize())));
    this.current = newBatch();
  }

  /**
   * Reads a file to its end and hands its blocks on; its map is complete some time later, at the latest after {@link #drain()} and a flush of
   * the groups.
   *
   * @param parent the map of the same file in the parent, or null
   */
  void store(
      String path, long size, InputStream content, BlockMapBuilder map, @Nullable BlockMap parent) {
    long blocks = options.blocksOf(size);
    int perPage = options.mapPageEntries();
    try {
      for (long number = 0; number < blocks; number++) {
        int length = options.lengthOf(number, size);
        if (!current.hasRoomFor(length)) {
          handOver();
        }
        BlockMap.Node before = parent == null ? null : parent.node(0, number / perPage);
        int read = current.read(content, length, map, before, (int) (number % perPage));
        if (read < length) {
          throw otherSize(path, size, "ended after " + (number * options.blockSize() + read));
        }
      }
      if (content.read() >= 0) {
        throw otherSize(path, size, "has more");
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.BACKUP_FAILED,
          "reading '" + path + "' from the server failed: " + e.getMessage(),
          "see why the connection ended in the server's log, and take the backup again",
          e);
    }
  }

  /** Waits for all that was handed over. */
  void drain() {
    handOver();
    while (!inFlight.isEmpty()) {
      settleOldest();
    }
  }

  private static BarmanException otherSize(String path, long size, String found) {
    return new BarmanException(
        ErrorCode.BACKUP_FAILED,
        "'" + path + "' was announced with " + size + " bytes and " + found,
        "take the backup again; if it happens again, the connection or a proxy on it changes the stream");
  }

  private Batch newBatch() {
    Batch batch = idle.poll();
    return batch != null
        ? batch
        : new Batch(options.frameSize(), codec, zeroBlocks, recent, referable);
  }

  private void handOver() {
    if (current.count() == 0) {
      return;
    }
    inFlight.add(workers.submit(current));
    while (inFlight.size() >= maximumInFlight
        || (!inFlight.isEmpty() && inFlight.element().isDone())) {
      settleOldest();
    }
    current = newBatch();
  }

  private void settleOldest() {
    Batch batch = TaskGroup.get(inFlight.remove());
    if (batch.frameLength() > 0) {
      settleFrame(batch);
    } else {
      settleFew(batch);
    }
    batch.clear();
    idle.add(batch);
  }

  /** The blocks to store are a frame already. */
  private void settleFrame(Batch batch) {
    BlockAddress first = packs.append(batch.frame(), batch.frameLength(), batch.storedBytes());
    int stored = 0;
    for (int i = 0; i < batch.count(); i++) {
      Batch.Slot slot = batch.slot(i);
      BlockAddress known = slot.known();
      if (known == null) {
        BlockAddress address = first.at(stored++);
        stored(slot.hash(), address, slot.length());
        slot.map().add(slot.hash(), address);
      } else {
        settleKnown(slot, known);
      }
    }
  }

  /** The few blocks to store, if any, wait for others. */
  private void settleFew(Batch batch) {
    for (int i = 0; i < batch.count(); i++) {
      Batch.Slot slot = batch.slot(i);
      BlockAddress known = slot.known();
      if (known == null) {
        BlockHash hash = slot.hash();
        int length = slot.length();
        slot.map()
            .addWaiting(
                hash,
                batch.plain(),
                slot.offset(),
                length,
                address -> stored(hash, address, length));
      } else {
        settleKnown(slot, known);
      }
    }
  }

  private void settleKnown(Batch.Slot slot, BlockAddress known) {
    tally.reused(slot.length());
    tally.refer(known, slot.length());
    slot.map().add(slot.hash(), known);
  }

  private void stored(BlockHash hash, BlockAddress address, int length) {
    tally.stored(length);
    tally.refer(address, length);
    recent.add(hash, address);
  }
}
