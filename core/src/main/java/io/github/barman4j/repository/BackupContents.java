package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a finished backup has stored; goes into its catalog entry.
 *
 * @param manifestHash vouches for every byte of the backup
 * @param files of the data directory and of configuration
 * @param databaseBytes their sizes
 * @param newBytes plain bytes of the blocks that were stored
 * @param storedBytes what the repository has grown by: packs and manifest
 * @param reusedBytes plain bytes of the blocks that did not have to be stored, because they were there already or are all zero; with {@code
 *     newBytes} they are {@code databaseBytes}
 * @param packs pack id to plain bytes in it that this backup refers to, sorted; a block that is referred to twice counts twice
 */
public record BackupContents(
    BlockHash manifestHash,
    long files,
    long databaseBytes,
    long newBytes,
    long storedBytes,
    long reusedBytes,
    Map<String, Long> packs) {
  public BackupContents {
    packs = Collections.unmodifiableMap(new TreeMap<>(packs));
  }
}
