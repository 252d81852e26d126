package io.github.barman4j.repository;

import io.github.barman4j.IntegrityException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The block map of a stored file. Remembers the page it read last of each level. Not thread-safe. */
final class BlockMap {

  /**
   * A verified map page in a frame; immutable.
   *
   * @param self the entry that refers to it; null for entries that lie in the manifest
   */
  record Node(byte[] bytes, int offset, int count, @Nullable BlockEntry self) {
    /** Null beyond the last. */
    @Nullable
    BlockEntry entry(int index) {
      return index < count ? BlockEntry.read(bytes, offset, index) : null;
    }
  }

  private final BlockMapRoot root;
  private final RepositoryOptions options;
  private final FrameReader frames;
  private final long blocks;
  private final @Nullable Node[] current;
  private final long[] currentIndex;
  private final @Nullable Consumer<IntegrityException> damage;

  BlockMap(BlockMapRoot root, long size, RepositoryOptions options, FrameReader frames) {
    this(root, size, options, frames, null);
  }

  /** @param damage is told of a damaged page, which counts as absent then; null to throw it */
  BlockMap(
      BlockMapRoot root,
      long size,
      RepositoryOptions options,
      FrameReader frames,
      @Nullable Consumer<IntegrityException> damage) {
    this.damage = damage;
    this.root = root;
    this.options = options;
    this.frames = frames;
    this.blocks = options.blocksOf(size);
    this.current = new @Nullable Node[Math.max(1, root.height())];
    this.currentIndex = new long[current.length];
  }

  /** The entry of a block of the file, which must be there. */
  BlockEntry block(long number) {
    int perPage = options.mapPageEntries();
    Node page = node(0, number / perPage);
    BlockEntry entry = page == null ? null : page.entry((int) (number % perPage));
    if (entry == null) {
      throw new IllegalArgumentException("the file has " + blocks + " blocks, not " + number);
    }
    return entry;
  }

  /** A page; null when the map has no such level or not so many pages, or the page is damaged and somebody is told of it. */
  @Nullable
  Node node(int level, long index) {
    if (index >= pagesOf(level)) {
      return null;
    }
    Node last = current[level];
    if (last != null && currentIndex[level] == index) {
      return last;
    }
    if (last == null && currentIndex[level] == ~index) {
      return null;
    }
    Node node = loadIfWhole(level, index);
    current[level] = node;
    currentIndex[level] = node == null ? ~index : index;
    return node;
  }

  private @Nullable Node loadIfWhole(int level, long index) {
    if (damage == null) {
      return load(level, index);
    }
    try {
      return load(level, index);
    } catch (IntegrityException e) {
      damage.accept(e);
      return null;
    }
  }

  private @Nullable Node load(int level, long index) {
    if (root.height() == 0) {
      return new Node(root.entries(), 0, (int) blocks, null);
    }
    BlockEntry self;
    if (level == root.height() - 1) {
      self = BlockEntry.read(root.entries(), 0, 0);
    } else {
      int perPage = options.mapPageEntries();
      Node above = node(level + 1, index / perPage);
      if (above == null) {
        // Whoever is told of damage has been told of that page's.
        return null;
      }
      BlockEntry entry = above.entry((int) (index % perPage));
      if (entry == null) {
        throw Damage.in("map", "page " + index + " of level " + level + " is not listed above");
      }
      self = entry;
    }
    int count = entriesOf(level, index);
    return frames.mapPage(self, count);
  }

  /** How many pages a level has: 0 above the root. */
  private long pagesOf(int level) {
    if (root.height() == 0) {
      return level == 0 ? 1 : 0;
    }
    if (level >= root.height()) {
      return 0;
    }
    long pages = blocks;
    for (int i = 0; i <= level; i++) {
      pages = (pages + options.mapPageEntries() - 1) / options.mapPageEntries();
    }
    return pages;
  }

  private int entriesOf(int level, long index) {
    long entries = level == 0 ? blocks : pagesOf(level - 1);
    int perPage = options.mapPageEntries();
    return (int) Math.min(perPage, entries - index * perPage);
  }
}
