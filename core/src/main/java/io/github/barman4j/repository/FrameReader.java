package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.ObjectStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads frames from packs and keeps the last ones, decompressed, within a bound. Thread-safe. */
final class FrameReader {
  private static final byte[] NO_BUFFER = {};

  /** About so many plain bytes are kept: room for the map pages of some files, and for some single blocks. */
  private static final int KEPT_BYTES = 6 << 20;

  private record Place(long pack, int offset) {}

  /** A verified block in a buffer that must not be changed. */
  record Piece(byte[] bytes, int from) {}

  private final ObjectStore store;
  private final ServerKeys keys;
  private final HealedBlocks healed;
  private final Map<Place, Frame> kept;

  FrameReader(ObjectStore store, ServerKeys keys, int frameSize) {
    this.store = store;
    this.keys = keys;
    this.healed = new HealedBlocks(store, keys);
    int capacity = Math.max(4, KEPT_BYTES / frameSize);
    this.kept = new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Place, Frame> eldest) {
        return size() > capacity;
      }
    };
  }

  String objectOf(BlockAddress address) {
    return keys.pack(address.pack());
  }

  /** Bytes of a pack, as many as there are. */
  byte[] raw(long pack, long offset, int length) {
    try {
      return store.get(keys.pack(pack), offset, length);
    } catch (BarmanException e) {
      throw Damage.ifMissing(e);
    }
  }

  /** A verified map page of so many entries. */
  BlockMap.Node mapPage(BlockEntry self, int entries) {
    if (self.address().isZero()) {
      throw Damage.in(objectOf(self.address()), "a map page cannot be all zero");
    }
    Piece piece = piece(self, Frame.MAP, entries * BlockEntry.BYTES);
    return new BlockMap.Node(piece.bytes(), piece.from(), entries, self);
  }

  /** A block of this length, from its frame or, where that is damaged, from what it was healed with. */
  Piece piece(BlockEntry entry, byte kind, int length) {
    try {
      Frame frame = frame(entry.address(), kind);
      return new Piece(frame.plain(), frame.verified(objectOf(entry.address()), entry, length));
    } catch (IntegrityException e) {
      return healed(entry, length, e);
    }
  }

  /** What a damaged block was healed with; where it was not, the damage is thrown. */
  Piece healed(BlockEntry entry, int length, IntegrityException damage) {
    try {
      return new Piece(healed.find(entry, length).orElseThrow(() -> damage), 0);
    } catch (IntegrityException e) {
      if (e != damage) {
        damage.addSuppressed(e);
      }
      throw damage;
    }
  }

  /** The frame at an address, which is not that of a zero block. */
  Frame frame(BlockAddress address, byte kind) {
    Place place = new Place(address.pack(), address.offset());
    @Nullable Frame known;
    synchronized (kept) {
      known = kept.get(place);
    }
    if (known != null) {
      return known;
    }
    byte[] bytes = raw(address.pack(), Integer.toUnsignedLong(address.offset()), address.length());
    Frame frame = decode(address, kind, bytes, 0, NO_BUFFER);
    synchronized (kept) {
      kept.put(place, frame);
    }
    return frame;
  }

  /**
   * Decodes a frame from bytes that were read.
   *
   * @param buffer for the plain bytes, see {@link Frame#decode}
   */
  Frame decode(BlockAddress address, byte kind, byte[] bytes, int at, byte[] buffer) {
    String object = objectOf(address);
    if (at + address.length() > bytes.length) {
      throw Damage.in(
          object,
          "it ends before the frame at offset " + Integer.toUnsignedLong(address.offset())
              + " does");
    }
    return Frame.decode(object, kind, bytes, at, address.length(), buffer);
  }
}
