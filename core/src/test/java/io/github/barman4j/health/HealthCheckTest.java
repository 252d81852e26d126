package io.github.barman4j.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Backups;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.health.CheckItem.Status;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.server.ReplicationState;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.wal.IncomingDirectory;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalGap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HealthCheckTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");
  private static final WalGap GAP = new WalGap(
      Timeline.FIRST,
      Lsn.parse("0/3000000"),
      Lsn.parse("0/6000000"),
      WalSegmentSize.DEFAULT,
      NOON,
      "replication slot 'barman' is lost");

  @TempDir
  private Path directory;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server =
      Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
  private final WalArchive archive = new WalArchive(server);

  @Test
  void failsWhileNoBackupWasTakenBehindAGap() {
    assertThat(HealthCheck.gaps(List.of(backup("0/2000028")), List.of(GAP))).satisfies(item -> {
      assertThat(item.status()).isEqualTo(Status.FAILED);
      assertThat(item.found()).contains("0/3000000 to 0/6000000", "is lost", NOON.toString());
      assertThat(item.hint()).contains("take a new backup");
    });
    assertThat(HealthCheck.gaps(List.of(), List.of(GAP)).status()).isEqualTo(Status.FAILED);
    assertThat(HealthCheck.gaps(List.of(backup("0/5FFFFFF")), List.of(GAP)).status())
        .isEqualTo(Status.FAILED);
  }

  @Test
  void warnsOfAGapThatABackupWasTakenBehind() {
    assertThat(HealthCheck.gaps(List.of(backup("0/2000028"), backup("0/6000028")), List.of(GAP))
            .status())
        .isEqualTo(Status.WARNING);
    assertThat(HealthCheck.gaps(List.of(), List.of()).status()).isEqualTo(Status.OK);
  }

  @Test
  void failsWhileTheQuarantineIsNotEmptyAndShowsWhatTheArchiveRecorded() throws IOException {
    assertThat(item("quarantine").status()).isEqualTo(Status.OK);
    assertThat(item("gaps").status()).isEqualTo(Status.OK);

    archive.claim(new SystemIdentifier(42), 15);
    archive.recordGap(GAP);
    Files.writeString(directory.resolve("00000002.history"), "no history");
    new IncomingDirectory(archive, directory, event -> {}).archive();

    assertThat(item("quarantine").status()).isEqualTo(Status.FAILED);
    assertThat(item("quarantine").found()).contains("00000002.history");
    assertThat(item("gaps").status()).isEqualTo(Status.FAILED);
  }

  @Test
  void failsAndNamesTheBackupWhoseEntryIsDamaged() {
    Backup whole = backup("0/2000028");
    Backup other = Backups.backup("20260329T130000Z-0002", null, "0/4000028", "0/4000100", NOON);
    Catalog catalog = new Catalog(server);
    catalog.commit(whole);
    catalog.commit(other);
    assertThat(item("backups").status()).isEqualTo(Status.OK);

    String key = "main/backups/" + other.id() + ".json";
    byte[] entry = store.get(key);
    entry[200] ^= 1;
    store.overwrite(key, entry);

    assertThat(item("backups")).satisfies(item -> {
      assertThat(item.status()).isEqualTo(Status.FAILED);
      assertThat(item.found()).contains(other.id().value(), "is damaged", "1 backups can be read");
      assertThat(item.hint()).contains("from a copy", "delete it by its whole id");
    });
    ArchiveStatus status = status();
    assertThat(status.backups()).containsExactly(whole);
    assertThat(status.damaged())
        .singleElement()
        .satisfies(damaged -> assertThat(damaged.id()).isEqualTo(other.id()));
  }

  @Test
  void failsWhileTheSlotIsLostAndWarnsBefore() {
    assertThat(HealthCheck.slot("barman", Optional.empty()).status()).isEqualTo(Status.OK);
    assertThat(slot("reserved").status()).isEqualTo(Status.OK);
    assertThat(slot("").status()).isEqualTo(Status.OK);
    assertThat(slot("unreserved").status()).isEqualTo(Status.WARNING);
    assertThat(slot("lost")).satisfies(item -> {
      assertThat(item.status()).isEqualTo(Status.FAILED);
      assertThat(item.found()).contains("'barman' is lost");
      assertThat(item.hint()).contains("SELECT pg_drop_replication_slot('barman')", "receive-wal");
    });
  }

  private static CheckItem slot(String walStatus) {
    return HealthCheck.slot(
        "barman",
        Optional.of(new ReplicationState.Slot("barman", false, Optional.empty(), walStatus)));
  }

  private ArchiveStatus status() {
    archive.claim(new SystemIdentifier(42), 15);
    return StatusQuery.read(server, new Catalog(server), archive);
  }

  private CheckItem item(String name) {
    HealthCheck check = new HealthCheck();
    check.repository(server, new Catalog(server), archive);
    return check.report("main").items().stream()
        .filter(item -> item.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Backup backup(String begin) {
    return Backups.backup(
        "20260329T120000Z-0001", null, begin, Lsn.parse(begin).plus(100).toString(), NOON);
  }
}
