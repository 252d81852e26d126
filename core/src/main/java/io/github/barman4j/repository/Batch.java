package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.codec.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Up to a frame of plain blocks, of one file or of several, on the way from the reading thread to a hashing thread and back. It belongs to
 * one thread at a time and is used again.
 */
final class Batch implements Callable<Batch> {

  /** One block: what the reader knows about it, then what the hashing thread found out. */
  static final class Slot {
    private @Nullable BlockMapBuilder map;
    private BlockMap.@Nullable Node parent;
    private int parentIndex;
    private int offset;
    private int length;
    private @Nullable BlockHash hash;
    private @Nullable BlockAddress known;

    BlockMapBuilder map() {
      return present(map);
    }

    /** In the batch's {@link #plain()}; moved by {@link #call()} when the block is to be stored. */
    int offset() {
      return offset;
    }

    int length() {
      return length;
    }

    BlockHash hash() {
      return present(hash);
    }

    /** Where the block is already; null when it must be stored. */
    @Nullable
    BlockAddress known() {
      return known;
    }

    private static <T> T present(@Nullable T value) {
      if (value == null) {
        throw new IllegalStateException("the block was not filled in");
      }
      return value;
    }
  }

  private final Codec codec;
  private final ZeroBlocks zeroBlocks;
  private final RecentBlocks recent;
  private final ReferablePacks packs;
  private final byte[] plain;
  private final byte[] frame;
  private final int[] storedLengths = new int[Frame.MAXIMUM_BLOCKS];
  private final Slot[] slots = new Slot[Frame.MAXIMUM_BLOCKS];
  private int count;
  private int filled;
  private int storedBytes;
  private int frameLength;

  Batch(
      int frameSize,
      Codec codec,
      ZeroBlocks zeroBlocks,
      RecentBlocks recent,
      ReferablePacks packs) {
    this.codec = codec;
    this.zeroBlocks = zeroBlocks;
    this.recent = recent;
    this.packs = packs;
    this.plain = new byte[frameSize];
    this.frame = new byte[Frame.bound(frameSize)];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = new Slot();
    }
  }

  void clear() {
    for (int i = 0; i < count; i++) {
      Slot slot = slots[i];
      slot.map = null;
      slot.parent = null;
      slot.hash = null;
      slot.known = null;
    }
    count = 0;
    filled = 0;
    storedBytes = 0;
    frameLength = 0;
  }

  boolean hasRoomFor(int length) {
    return count < slots.length && filled + length <= plain.length;
  }

  /**
   * Reads one block.
   *
   * @param parent the parent's map page with the same place, or null
   * @return how many bytes came; fewer than asked for when the content ended
   */
  int read(
      InputStream content,
      int length,
      BlockMapBuilder map,
      BlockMap.@Nullable Node parent,
      int parentIndex)
      throws IOException {
    Slot slot = slots[count];
    slot.map = map;
    slot.parent = parent;
    slot.parentIndex = parentIndex;
    slot.offset = filled;
    slot.length = length;
    int read = content.readNBytes(plain, filled, length);
    count++;
    filled += length;
    return read;
  }

  /** Hashes, compares and compresses; on a hashing thread. */
  @Override
  public Batch call() {
    int stored = 0;
    for (int i = 0; i < count; i++) {
      Slot slot = slots[i];
      identify(slot);
      if (slot.known == null) {
        System.arraycopy(plain, slot.offset, plain, storedBytes, slot.length);
        slot.offset = storedBytes;
        storedBytes += slot.length;
        storedLengths[stored++] = slot.length;
      }
    }
    // Fewer would compress badly alone: they wait for others, on the writing thread.
    if (storedBytes > 0 && storedBytes >= plain.length / 2) {
      frameLength = Frame.encode(codec, Frame.DATA, plain, storedLengths, stored, frame);
    }
    return this;
  }

  private void identify(Slot slot) {
    if (zeroBlocks.isZero(plain, slot.offset, slot.length)) {
      slot.hash = zeroBlocks.hash(slot.length);
      slot.known = BlockAddress.ZERO;
      return;
    }
    BlockHash hash = BlockHash.of(plain, slot.offset, slot.length);
    slot.hash = hash;
    BlockEntry before = slot.parent == null ? null : slot.parent.entry(slot.parentIndex);
    boolean inParent = before != null && before.hash().equals(hash) && packs.has(before.address());
    slot.known = before != null && inParent ? before.address() : recent.find(hash);
  }

  int count() {
    return count;
  }

  Slot slot(int index) {
    return slots[index];
  }

  byte[] plain() {
    return plain;
  }

  /** The blocks to store as a frame; meaningful when {@link #frameLength()} is not 0. */
  byte[] frame() {
    return frame;
  }

  /** 0 when the blocks to store wait for others. */
  int frameLength() {
    return frameLength;
  }

  int storedBytes() {
    return storedBytes;
  }
}
