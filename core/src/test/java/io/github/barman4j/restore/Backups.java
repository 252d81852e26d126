package io.github.barman4j.restore;

import io.github.barman4j.BlockHash;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Catalog entries for tests. */
final class Backups {
  private Backups() {}

  static Backup of(String id, int timeline, String begin, String end, String finishedAt) {
    return of(id, timeline, begin, end, finishedAt, List.of());
  }

  static Backup of(
      String id,
      int timeline,
      String begin,
      String end,
      String finishedAt,
      List<Backup.Tablespace> tablespaces) {
    Instant finished = Instant.parse(finishedAt);
    return new Backup(
        new BackupId(id),
        Optional.empty(),
        new SystemIdentifier(7301),
        PostgresVersion.parse("15.4"),
        finished.minusSeconds(5),
        finished,
        Lsn.parse(begin),
        Lsn.parse(end),
        new Timeline(timeline),
        new Timeline(timeline),
        FakeWal.SIZE,
        tablespaces,
        "stream",
        Optional.empty(),
        BlockHash.of(new byte[0]),
        new Backup.Sizes(1000, 10, 1000, 500, 0),
        Map.of(),
        "zstd:1",
        Duration.ofSeconds(5),
        true,
        "/var/lib/postgresql/15/main",
        List.of());
  }
}
