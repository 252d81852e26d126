package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;

/**
 * A block as a backup refers to it. Two backups that share it refer to the same place.
 *
 * @param hash of the plain bytes
 * @param pack the id of the pack that holds it
 * @param frame offset of its frame in the pack, bytes, unsigned
 * @param frameLength of the frame, bytes
 * @param index of the block in the frame, 0 to 255
 */
public record StoredBlock(BlockHash hash, long pack, int frame, int frameLength, int index) {
  static StoredBlock of(BlockEntry entry) {
    BlockAddress address = entry.address();
    return new StoredBlock(
        entry.hash(), address.pack(), address.offset(), address.length(), address.index());
  }

  BlockEntry entry() {
    return new BlockEntry(hash, new BlockAddress(pack, frame, frameLength, index));
  }

  /** The pack as it is named in catalog entries: 16 hexadecimal digits. */
  public String packName() {
    return PackId.text(pack);
  }

  /** Whether both lie in the same place. */
  public boolean isAt(StoredBlock other) {
    return pack == other.pack && frame == other.frame && index == other.index;
  }
}
