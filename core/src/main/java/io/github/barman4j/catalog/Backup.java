package io.github.barman4j.catalog;

import io.github.barman4j.BlockHash;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One base backup that can be restored: immutable, as its catalog entry.
 *
 * @param name the user's, unique among the backups of a server
 * @param startedAt by the server's clock
 * @param finishedAt by the server's clock, after the backup's stop
 * @param beginLsn where redo begins
 * @param endLsn exclusive; the cluster is consistent when replay has reached it
 * @param method how the bytes were read, for example {@code stream}
 * @param parent the backup that it was compared with; not needed to restore it
 * @param manifestHash vouches for every byte of the backup
 * @param packs pack id → plain bytes that the backup refers to in it
 * @param compression for example {@code zstd:1}
 * @param took on the engine's monotonic clock
 * @param dataChecksums whether the cluster's pages carry checksums
 * @param dataDirectory on the server; empty where the role may not see it
 * @param configurationFiles names of the stored configuration
 */
public record Backup(
    BackupId id,
    Optional<String> name,
    SystemIdentifier systemIdentifier,
    PostgresVersion postgres,
    Instant startedAt,
    Instant finishedAt,
    Lsn beginLsn,
    Lsn endLsn,
    Timeline beginTimeline,
    Timeline endTimeline,
    WalSegmentSize segmentSize,
    List<Tablespace> tablespaces,
    String method,
    Optional<BackupId> parent,
    BlockHash manifestHash,
    Sizes sizes,
    Map<String, Long> packs,
    String compression,
    Duration took,
    boolean dataChecksums,
    String dataDirectory,
    List<String> configurationFiles) {

  /**
   * A tablespace besides the two that every cluster has.
   *
   * @param location on the server, absolute unless it lies in the data directory itself
   */
  public record Tablespace(long oid, String name, String location) {}

  /**
   * How much there is.
   *
   * @param databaseBytes of all files, plain
   * @param newBytes plain bytes that no earlier backup had
   * @param storedBytes what the backup added to the repository
   * @param reusedBytes plain bytes that the repository had already, zero blocks included
   */
  public record Sizes(
      long databaseBytes, long files, long newBytes, long storedBytes, long reusedBytes) {

    /** The part of the database that did not have to be stored anew, from 0 to 1. */
    public double savedFraction() {
      return databaseBytes == 0 ? 0 : Math.max(0, 1 - (double) storedBytes / databaseBytes);
    }
  }

  public Backup {
    tablespaces = List.copyOf(tablespaces);
    packs = Collections.unmodifiableMap(new TreeMap<>(packs));
    configurationFiles = List.copyOf(configurationFiles);
  }

  /** The first segment that a restore needs. */
  public WalSegment firstSegment() {
    return WalSegment.containing(beginTimeline, beginLsn, segmentSize);
  }

  /** The last segment that a restore needs at least. */
  public WalSegment lastSegment() {
    return WalSegment.endingBefore(endTimeline, endLsn, segmentSize);
  }
}
