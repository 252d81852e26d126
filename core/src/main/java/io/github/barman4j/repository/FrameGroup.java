package io.github.barman4j.repository;

import io.github.barman4j.codec.Codec;
import java.util.ArrayList;
import java.util.List;

/** Blocks that wait until there are enough of them for a frame. Not thread-safe. */
final class FrameGroup {

  /** Is told where a block was stored. */
  @FunctionalInterface
  interface Placement {
    void placed(BlockAddress address);
  }

  private final byte kind;
  private final Codec codec;
  private final PackWriter packs;
  private final byte[] plain;
  private final byte[] frame;
  private final int[] lengths = new int[Frame.MAXIMUM_BLOCKS];
  private final List<Placement> waiting = new ArrayList<>();
  private int filled;

  FrameGroup(byte kind, int frameSize, Codec codec, PackWriter packs) {
    this.kind = kind;
    this.codec = codec;
    this.packs = packs;
    this.plain = new byte[frameSize];
    this.frame = new byte[Frame.bound(frameSize)];
  }

  /** Copies a block; the placement is told when the group is flushed, which this call may do. */
  void add(byte[] bytes, int offset, int length, Placement placement) {
    if (filled + length > plain.length || waiting.size() == Frame.MAXIMUM_BLOCKS) {
      flush();
    }
    System.arraycopy(bytes, offset, plain, filled, length);
    lengths[waiting.size()] = length;
    filled += length;
    waiting.add(placement);
    if (filled == plain.length) {
      flush();
    }
  }

  /** Stores what waits. */
  void flush() {
    if (waiting.isEmpty()) {
      return;
    }
    int length = Frame.encode(codec, kind, plain, lengths, waiting.size(), frame);
    BlockAddress first = packs.append(frame, length, filled);
    List<Placement> placed = List.copyOf(waiting);
    waiting.clear();
    filled = 0;
    for (int i = 0; i < placed.size(); i++) {
      placed.get(i).placed(first.at(i));
    }
  }
}
