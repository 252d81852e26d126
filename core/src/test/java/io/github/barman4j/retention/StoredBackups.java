package io.github.barman4j.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BlockHash;
import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.PackUse;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.BackupContents;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.SampleDatabase;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Backups in a repository, with their catalog entries, and what each must read back as. */
final class StoredBackups {
  static final RepositoryOptions SMALL = new RepositoryOptions(8192, 16384, 131_072, 16);

  final ServerRepository server;
  final Catalog catalog;
  final Map<BackupId, Map<String, byte[]>> states = new HashMap<>();
  private final ObjectStore store;

  StoredBackups(ObjectStore store) {
    this.store = store;
    this.server = Repository.openOrCreate(store, SMALL).server("main");
    this.catalog = new Catalog(server);
  }

  static BackupId id(int number) {
    return new BackupId(
        String.format(Locale.ROOT, "20261123T%02d%02d00Z-%04x", number / 60, number % 60, number));
  }

  BackupDeletion deletion() {
    return new BackupDeletion(server, catalog, new WalArchive(server), EventSink.NONE);
  }

  /** A backup as the engine takes it: compared with the newest, without the blocks of mostly dead packs. */
  Backup take(int number, SampleDatabase database) {
    List<Backup> all = catalog.list();
    if (all.isEmpty()) {
      return take(number, database, null, Set.of());
    }
    Backup newest = all.get(all.size() - 1);
    Set<String> dead = PackUse.mostlyDead(newest, all, server::plainBytesOf);
    return take(number, database, newest, dead);
  }

  Backup take(int number, SampleDatabase database, Backup parent, Set<String> avoided) {
    BackupReader reader =
        parent == null ? null : server.openBackup(parent.id().value(), parent.manifestHash());
    BackupId id = id(number);
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("hashing", 1, 4);
        BackupWriter writer =
            server.newBackup(id.value(), reader, avoided, workers, server.compression())) {
      assertThat(lock).isNotNull();
      BackupContents contents = database.storeIn(writer);
      Backup backup = entry(id, number, contents.manifestHash(), contents.packs());
      catalog.commit(backup);
      server.confirmBackup(id.value());
      states.put(id, new TreeMap<>(database.files));
      return backup;
    }
  }

  /** Backup n begins in WAL segment 2n of timeline 1. */
  static Backup entry(BackupId id, int number, BlockHash manifest, Map<String, Long> packs) {
    Instant at = Instant.parse("2026-11-23T00:00:00Z").plusSeconds(60L * number);
    long begin = 2L * number * WalSegmentSize.DEFAULT.bytes() + 0x28;
    return new Backup(
        id,
        Optional.empty(),
        new SystemIdentifier(7L),
        new PostgresVersion(150004),
        at,
        at.plusSeconds(5),
        new Lsn(begin),
        new Lsn(begin + 0x100),
        Timeline.FIRST,
        Timeline.FIRST,
        WalSegmentSize.DEFAULT,
        List.of(),
        "stream",
        Optional.empty(),
        manifest,
        new Backup.Sizes(1, 1, 1, 1, 0),
        packs,
        "zstd:1",
        Duration.ofSeconds(5),
        true,
        "/data",
        List.of());
  }

  /** Every backup of the catalog reads back as it was stored. */
  void assertWhole() {
    for (Backup backup : catalog.list()) {
      BackupReader reader = server.openBackup(backup.id().value(), backup.manifestHash());
      Map<String, byte[]> expected = new TreeMap<>(states.get(backup.id()));
      for (ManifestEntry entry : reader.entries()) {
        if (entry instanceof FileEntry file && file.kind() == FileKind.DATA) {
          byte[] content = expected.remove(file.path());
          assertThat(Arrays.equals(reader.readAll(file), content))
              .as("%s of %s", file.path(), backup.id())
              .isTrue();
        }
      }
      assertThat(expected).as("files of %s", backup.id()).isEmpty();
    }
  }

  /** Nothing lies there that no catalog entry needs. */
  void assertNothingLeftOver() {
    List<Backup> backups = catalog.list();
    Set<String> needed = backups.stream()
        .flatMap(backup -> backup.packs().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
    assertThat(packs()).isEqualTo(needed);
    Set<String> ids =
        backups.stream().map(backup -> backup.id().value()).collect(Collectors.toSet());
    assertThat(names("main/manifests/")).isEqualTo(ids);
    assertThat(ids).containsAll(marked());
    assertThat(store.list("main/deleting/")).isEmpty();
    assertThat(store.list("main/unfinished/")).isEmpty();
  }

  Set<String> packs() {
    return names("main/packs/");
  }

  long packBytes() {
    return store.list("main/packs/").stream()
        .mapToLong(key -> store.size(key).orElseThrow())
        .sum();
  }

  private Set<String> marked() {
    return store.list("main/marks/").stream()
        .map(key -> key.split("/")[2])
        .collect(Collectors.toSet());
  }

  private Set<String> names(String prefix) {
    return store.list(prefix).stream()
        .map(key -> key.substring(key.lastIndexOf('/') + 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
