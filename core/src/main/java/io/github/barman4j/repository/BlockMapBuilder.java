package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The block map of a file while the file is stored. Blocks come in order; some addresses come later, with the next flush of a group, and the
 * root is known when all are there. Pages that are equal to the parent's are referred to. Not thread-safe.
 */
final class BlockMapBuilder {

  /** What the maps of all files of a backup share. */
  record Context(
      RepositoryOptions options,
      FrameGroup dataGroup,
      FrameGroup mapGroup,
      ReferablePacks packs,
      BackupTally tally) {}

  /** A page that is being filled. */
  private static final class Page {
    private final byte[] bytes;
    private long number;
    private int count;

    Page(int entries) {
      this.bytes = new byte[entries * BlockEntry.BYTES];
    }
  }

  private final Context context;
  private final long blocks;
  private final int height;
  private final @Nullable BlockMap parent;
  private final Consumer<BlockMapRoot> done;
  private final Page[] levels;
  private long added;
  private int waiting;
  private @Nullable BlockMapRoot root;

  /**
   * @param parent the map of the same file in the parent, or null
   * @param done is told the root, once
   */
  BlockMapBuilder(
      Context context, long size, @Nullable BlockMap parent, Consumer<BlockMapRoot> done) {
    this.context = context;
    this.blocks = context.options.blocksOf(size);
    this.height = BlockMapRoot.heightFor(blocks, context.options.mapPageEntries());
    this.parent = parent;
    this.done = done;
    this.levels = new Page[Math.max(1, height)];
    for (int level = 0; level < levels.length; level++) {
      levels[level] = new Page(height == 0 ? (int) blocks : capacity(level));
    }
    if (blocks == 0) {
      complete(new BlockMapRoot(0, new byte[0]));
    }
  }

  /** The next block, whose place is known. */
  void add(BlockHash hash, BlockAddress address) {
    Page page = levels[0];
    BlockEntry.writeHash(page.bytes, page.count, hash);
    BlockEntry.writeAddress(page.bytes, page.count, address);
    blockAdded();
  }

  /** The next block, which waits in the group of data blocks; {@code alsoTell} is told its place, too. */
  void addWaiting(
      BlockHash hash, byte[] bytes, int offset, int length, FrameGroup.Placement alsoTell) {
    Page page = levels[0];
    BlockEntry.writeHash(page.bytes, page.count, hash);
    FrameGroup.Placement placement = placement(page.bytes, page.count);
    context.dataGroup.add(bytes, offset, length, address -> {
      alsoTell.placed(address);
      placement.placed(address);
    });
    blockAdded();
  }

  private void blockAdded() {
    Page page = levels[0];
    page.count++;
    added++;
    boolean last = added == blocks;
    if (height == 0 && last) {
      complete(new BlockMapRoot(0, page.bytes));
    } else if (height > 0 && (last || page.count == context.options.mapPageEntries())) {
      context.dataGroup.flush();
      endPage(0);
    }
  }

  /** All entries of the page are there: refer to it from above. */
  private void endPage(int level) {
    Page page = levels[level];
    int length = page.count * BlockEntry.BYTES;
    boolean isRoot = level == height - 1;
    byte[] above = isRoot ? new byte[BlockEntry.BYTES] : levels[level + 1].bytes;
    int index = isRoot ? 0 : levels[level + 1].count;
    BlockEntry same = sameInParent(level, page, length);
    if (same != null) {
      BlockEntry.writeHash(above, index, same.hash());
      BlockEntry.writeAddress(above, index, same.address());
      context.tally.refer(same.address(), length);
    } else {
      BlockEntry.writeHash(above, index, BlockHash.of(page.bytes, 0, length));
      FrameGroup.Placement placement = placement(above, index);
      context.mapGroup.add(page.bytes, 0, length, address -> {
        context.tally.refer(address, length);
        placement.placed(address);
      });
    }
    page.number++;
    page.count = 0;
    if (isRoot) {
      complete(new BlockMapRoot(height, above));
    } else {
      levels[level + 1].count++;
      boolean last = added == blocks;
      if (last || levels[level + 1].count == context.options.mapPageEntries()) {
        context.mapGroup.flush();
        endPage(level + 1);
      }
    }
  }

  private @Nullable BlockEntry sameInParent(int level, Page page, int length) {
    BlockMap.Node before = parent == null ? null : parent.node(level, page.number);
    if (before == null || before.self() == null || before.count() != page.count) {
      return null;
    }
    boolean same = Arrays.equals(
        page.bytes, 0, length, before.bytes(), before.offset(), before.offset() + length);
    BlockEntry self = before.self();
    return same && self != null && context.packs.has(self.address()) ? self : null;
  }

  private FrameGroup.Placement placement(byte[] entries, int index) {
    waiting++;
    return address -> {
      BlockEntry.writeAddress(entries, index, address);
      waiting--;
      finishIfDone();
    };
  }

  private void complete(BlockMapRoot known) {
    root = known;
    finishIfDone();
  }

  private void finishIfDone() {
    BlockMapRoot known = root;
    if (known != null && waiting == 0) {
      root = null;
      done.accept(known);
    }
  }

  private int capacity(int level) {
    long reach = 1;
    for (int i = 0; i < level; i++) {
      reach *= context.options.mapPageEntries();
    }
    long entries = (blocks + reach - 1) / reach;
    return (int) Math.min(context.options.mapPageEntries(), entries);
  }
}
