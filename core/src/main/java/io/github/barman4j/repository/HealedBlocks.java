package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.ObjectStore;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Blocks whose frames were damaged, stored once more beside their packs, which are never rewritten: one object for each frame, with those of
 * its blocks that could be had again.
 *
 * <p>Thread-safe. Of two that heal one frame in the same moment, one may undo what the other has added; what is there is whole all the same.
 */
final class HealedBlocks {
  private static final int MAXIMUM_BLOCK = 16 << 20;

  private final SealedObjects objects;
  private final ServerKeys keys;

  HealedBlocks(ObjectStore store, ServerKeys keys) {
    this.objects = new SealedObjects(store, keys, Compression.DEFAULT);
    this.keys = keys;
  }

  /** What the keys of everything that heals a pack begin with, relative to the server. */
  static String prefix(long pack) {
    return "healed/" + PackId.text(pack) + "-";
  }

  private static String key(BlockAddress address) {
    return prefix(address.pack()) + HexFormat.of().toHexDigits(address.offset());
  }

  /**
   * A block, its hash verified.
   *
   * @throws io.github.barman4j.IntegrityException when the object is damaged itself
   */
  Optional<byte[]> find(BlockEntry entry, int length) {
    byte[] block = read(key(entry.address())).get(entry.address().index());
    return Optional.ofNullable(block)
        .filter(found -> found.length == length && BlockHash.of(found).equals(entry.hash()));
  }

  /** Adds a block, durably. */
  void add(BlockEntry entry, byte[] plain) {
    if (!BlockHash.of(plain).equals(entry.hash())) {
      throw new IllegalArgumentException("these are not the bytes of the block");
    }
    String key = key(entry.address());
    Map<Integer, byte[]> blocks = readIfWhole(key);
    blocks.put(entry.address().index(), plain);
    int size = blocks.values().stream().mapToInt(block -> 5 + block.length).sum();
    ByteBuffer content = ByteBuffer.allocate(size);
    blocks.forEach(
        (index, block) -> content.put(index.byteValue()).putInt(block.length).put(block));
    objects.put(key, content.array());
  }

  /** What was stored once more can be damaged in its turn: then it is begun anew, and its other blocks are healed again when they are met. */
  private Map<Integer, byte[]> readIfWhole(String key) {
    try {
      return read(key);
    } catch (IntegrityException e) {
      return new TreeMap<>();
    }
  }

  private Map<Integer, byte[]> read(String key) {
    Map<Integer, byte[]> blocks = new TreeMap<>();
    ByteBuffer content = ByteBuffer.wrap(objects.find(key).orElseGet(() -> new byte[0]));
    try {
      while (content.hasRemaining()) {
        int index = content.get() & 0xFF;
        int length = content.getInt();
        if (length < 1 || length > Math.min(MAXIMUM_BLOCK, content.remaining())) {
          throw new BufferUnderflowException();
        }
        byte[] block = new byte[length];
        content.get(block);
        blocks.put(index, block);
      }
    } catch (BufferUnderflowException e) {
      throw Damage.in(keys.of(key), "a block in it has an impossible length", e);
    }
    return blocks;
  }
}
