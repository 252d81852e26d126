package io.github.barman4j.it.report;

import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.RepositoryReport;
import io.github.barman4j.restore.Recoverability;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository with two timelines, a gap, a backup that serves nothing and one that cannot be read, and names that are long or harmful. */
final class Repositories {
  private static final Instant BEGIN = Instant.parse("2026-11-20T02:00:00Z");

  private Repositories() {}

  static RepositoryReport mixed() {
    List<Backup> backups = List.of(
        backup("20261120T020000Z-0a1b", Optional.empty(), 0),
        backup("20261121T020000Z-1c2d", Optional.of("before the " + Reports.HOSTILE), 1),
        backup("20261122T020000Z-3e4f", Optional.of(Reports.LONG), 2));
    DamagedEntry damaged = new DamagedEntry(
        new BackupId("20261123T020000Z-5a6b"),
        ErrorCode.REPOSITORY_DAMAGED,
        "its entry " + Reports.LONG + " is damaged",
        "take a new backup");
    return new RepositoryReport(
        "/backups/" + Reports.LONG,
        "prod",
        BEGIN.plus(Duration.ofDays(4)),
        Optional.of(new CatalogEntries(backups, List.of(damaged))),
        Optional.of(new Recoverability(List.of(damaged), List.of(first(), second()))),
        List.of("something could not be read: " + Reports.HOSTILE));
  }

  private static Recoverability.Line first() {
    return new Recoverability.Line(
        Timeline.FIRST,
        List.of(),
        List.of(
            window("0/3000000", "0/5000000", "20261120T020000Z-0a1b", "000000010000000000000005"),
            window("0/7000000", "0/9000060", "20261121T020000Z-1c2d", null)),
        List.of(new Recoverability.Unusable(
            new BackupId("20261122T020000Z-3e4f"), "segment " + Reports.LONG + " is missing")));
  }

  private static Recoverability.Line second() {
    return new Recoverability.Line(
        new Timeline(2),
        List.of(new Recoverability.Fork(Timeline.FIRST, Lsn.parse("0/9000060"))),
        List.of(window("0/7000000", "0/B000000", "20261121T020000Z-1c2d", null)),
        List.of());
  }

  private static Recoverability.Window window(
      String from, String end, String backup, @Nullable String gap) {
    return new Recoverability.Window(
        Lsn.parse(from),
        Optional.of(Lsn.parse(end)),
        Lsn.parse(end),
        BEGIN,
        Optional.of(BEGIN.plusSeconds(86_000)),
        List.of(new BackupId(backup)),
        List.of(new Recoverability.Point(Reports.HOSTILE, Lsn.parse(from), BEGIN)),
        gap,
        gap == null,
        List.of(new Recoverability.ClockStep(Lsn.parse(from), BEGIN.plusSeconds(9), BEGIN)));
  }

  private static Backup backup(String id, Optional<String> name, int day) {
    Instant start = BEGIN.plus(Duration.ofDays(day));
    return new Backup(
        new BackupId(id),
        name,
        new SystemIdentifier(7_400_000_000_000_000_001L),
        PostgresVersion.parse("18.1"),
        start,
        start.plusSeconds(95),
        Lsn.parse("0/2000028"),
        Lsn.parse("0/3000000"),
        Timeline.FIRST,
        Timeline.FIRST,
        WalSegmentSize.DEFAULT,
        List.of(),
        "stream",
        Optional.empty(),
        BlockHash.of(new byte[] {1}),
        new Backup.Sizes(42_000_000_000L, 1234, 42_000_000_000L, 11_000_000_000L, 0),
        Map.of(),
        "zstd:1",
        Duration.ofSeconds(95),
        true,
        "/var/lib/postgresql/18/main",
        List.of());
  }
}
