package io.github.barman4j.catalog;

import io.github.barman4j.BlockHash;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Catalog entries for tests. */
public final class Backups {
  private Backups() {}

  /** A backup of timeline 1 from {@code begin} to {@code end}. */
  public static Backup backup(
      String id, @Nullable String name, String begin, String end, Instant finishedAt) {
    return new Backup(
        new BackupId(id),
        Optional.ofNullable(name),
        new SystemIdentifier(7_300_000_000_000_000_001L),
        new PostgresVersion(150004),
        finishedAt.minusSeconds(9),
        finishedAt,
        Lsn.parse(begin),
        Lsn.parse(end),
        Timeline.FIRST,
        Timeline.FIRST,
        WalSegmentSize.DEFAULT,
        List.of(new Backup.Tablespace(16385, "fast \"one\"", "/srv/fast")),
        "stream",
        Optional.empty(),
        BlockHash.of(new byte[] {1}),
        new Backup.Sizes(1000, 3, 600, 200, 400),
        Map.of("00000000000000a1", 600L),
        "zstd:1",
        Duration.ofMillis(8125),
        true,
        "/var/lib/postgresql/15/main",
        List.of("postgresql.conf", "settings.conf"));
  }
}
