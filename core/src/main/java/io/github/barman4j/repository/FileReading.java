package io.github.barman4j.repository;

import io.github.barman4j.IntegrityException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one file from its first block to its last.
 *
 * <p>Frames that lie one after the other in a pack are read at once, and the last frames are kept: after scattered changes old and new blocks
 * alternate. Their buffers are used again and again, so a restore makes little garbage.
 */
final class FileReading {
  private static final int READ_AHEAD_BYTES = 256 << 10;
  private static final int KEPT_FRAMES = 4;

  /** A decoded frame and the buffer that it lives in. */
  private static final class Kept {
    private final byte[] buffer;
    private BlockAddress address = BlockAddress.ZERO;
    private @Nullable Frame frame;

    Kept(int frameSize) {
      this.buffer = new byte[frameSize];
    }
  }

  private final BackupReader backup;
  private final RepositoryOptions options;
  private final FileEntry file;
  private final BlockConsumer consumer;
  private final @Nullable BlockPresence present;
  private final BlockMap map;
  private final long blocks;
  private final @Nullable Kept[] kept = new @Nullable Kept[KEPT_FRAMES];
  private int oldest;
  private byte[] ahead = {};
  private long aheadPack;
  private long aheadFrom;
  private long lastRead = -1;

  /** @param present null to read every block */
  FileReading(
      BackupReader backup,
      FileEntry file,
      BlockConsumer consumer,
      @Nullable BlockPresence present) {
    this.backup = backup;
    this.options = backup.options();
    this.file = file;
    this.consumer = consumer;
    this.present = present;
    this.map = backup.blockMap(file);
    this.blocks = options.blocksOf(file.size());
  }

  void run() {
    long zerosFrom = -1;
    for (long number = 0; number < blocks; number++) {
      BlockEntry entry = entry(number);
      long offset = number * options.blockSize();
      int length = options.lengthOf(number, file.size());
      boolean skipped = present != null && present.has(offset, length, entry.hash());
      if (entry.address().isZero() && !skipped) {
        zerosFrom = zerosFrom < 0 ? offset : zerosFrom;
        continue;
      }
      if (zerosFrom >= 0) {
        consumer.zeros(zerosFrom, offset - zerosFrom);
        zerosFrom = -1;
      }
      if (skipped) {
        continue;
      }
      FrameReader.Piece piece = piece(entry, number, length);
      lastRead = number;
      consumer.block(offset, piece.bytes(), piece.from(), length);
    }
    if (zerosFrom >= 0) {
      consumer.zeros(zerosFrom, file.size() - zerosFrom);
    }
  }

  private FrameReader.Piece piece(BlockEntry entry, long number, int length) {
    FrameReader frames = backup.frames();
    try {
      Frame frame = frame(entry.address(), number);
      int from = frame.verified(frames.objectOf(entry.address()), entry, length);
      return new FrameReader.Piece(frame.plain(), from);
    } catch (IntegrityException e) {
      try {
        return frames.healed(entry, length, e);
      } catch (IntegrityException stillDamaged) {
        throw backup.damaged(file, number, stillDamaged);
      }
    }
  }

  private BlockEntry entry(long number) {
    try {
      return map.block(number);
    } catch (IntegrityException e) {
      throw backup.damaged(file, number, e);
    }
  }

  private Frame frame(BlockAddress address, long number) {
    if (file.blocks().height() == 0) {
      // A small file shares its frame with its neighbours, which are likely to be read next.
      return backup.frames().frame(address, Frame.DATA);
    }
    for (Kept known : kept) {
      if (known != null && known.frame != null && known.address.sameFrame(address)) {
        return known.frame;
      }
    }
    long offset = Integer.toUnsignedLong(address.offset());
    if (aheadPack != address.pack()
        || offset < aheadFrom
        || offset + address.length() > aheadFrom + ahead.length) {
      // Where blocks are skipped, those that follow are likely to be skipped too.
      boolean alone = present != null && lastRead != number - 1;
      int length = alone ? address.length() : lengthAhead(address, number);
      ahead = backup.frames().raw(address.pack(), offset, length);
      aheadPack = address.pack();
      aheadFrom = offset;
    }
    Kept slot = oldestSlot();
    slot.frame = null;
    Frame frame =
        backup.frames().decode(address, Frame.DATA, ahead, (int) (offset - aheadFrom), slot.buffer);
    slot.frame = frame;
    slot.address = address;
    return frame;
  }

  private Kept oldestSlot() {
    Kept slot = kept[oldest];
    if (slot == null) {
      slot = new Kept(options.frameSize());
      kept[oldest] = slot;
    }
    oldest = (oldest + 1) % KEPT_FRAMES;
    return slot;
  }

  /** How far the frames of the next blocks of this map page follow each other. */
  private int lengthAhead(BlockAddress first, long number) {
    BlockAddress last = first;
    int length = first.length();
    long pageEnd = (number / options.mapPageEntries() + 1) * options.mapPageEntries();
    for (long next = number + 1; next < Math.min(blocks, pageEnd); next++) {
      BlockAddress address = map.block(next).address();
      if (address.isZero() || address.sameFrame(last)) {
        continue;
      }
      boolean follows =
          address.pack() == last.pack() && address.offset() == last.offset() + last.length();
      if (!follows || length + address.length() > READ_AHEAD_BYTES) {
        break;
      }
      length += address.length();
      last = address;
    }
    return length;
  }
}
