package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the blocks are that this backup has stored or met lately: catches copies of a template database. Thread-safe; holds {@link #CAPACITY}
 * blocks (1 GiB of plain data in about 5 MB), and forgets the one that was not asked for longest.
 */
final class RecentBlocks {
  private static final int CAPACITY = 32_768;

  private final LinkedHashMap<BlockHash, BlockAddress> addresses =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<BlockHash, BlockAddress> eldest) {
          return size() > CAPACITY;
        }
      };

  synchronized @Nullable BlockAddress find(BlockHash hash) {
    return addresses.get(hash);
  }

  synchronized void add(BlockHash hash, BlockAddress address) {
    addresses.put(hash, address);
  }
}
