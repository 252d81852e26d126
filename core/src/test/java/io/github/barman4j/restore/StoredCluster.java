package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.BackupContents;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.FileInfo;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.wal.WalArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;

/**
 * A repository with one backup of a small data directory and with the log of a real PostgreSQL 15: timeline 1 in the segments 9 to D
 * of 1 MiB, and E on timeline 2, which begins at 0/E09AF8. Its pg_control is real too, the other files are made up.
 */
final class StoredCluster {
  static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  static final SystemIdentifier SYSTEM = SystemIdentifier.parse("7711252526483531476");
  static final BackupId BACKUP = new BackupId("20261123T063805Z-00aa");
  static final String LABEL = """
      START WAL LOCATION: 0/900028 (file 000000010000000000000009)
      CHECKPOINT LOCATION: 0/900060
      BACKUP METHOD: streamed
      BACKUP FROM: primary
      START TIME: 2026-11-23 06:38:05 UTC
      LABEL: test
      START TIMELINE: 1
      """;
  private static final Instant DAY = Instant.parse("2026-11-23T06:38:05Z");

  final InMemoryObjectStore store = new InMemoryObjectStore();
  final ServerRepository repository =
      Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
  final WalArchive archive = new WalArchive(repository);
  final Map<String, byte[]> files = new LinkedHashMap<>();
  final Map<String, byte[]> configuration = new LinkedHashMap<>();
  final List<Backup.Tablespace> tablespaces = new ArrayList<>();
  final Map<String, String> links = new LinkedHashMap<>();
  String dataDirectory = "/var/lib/postgresql/15/main";
  int mode = 0600;
  SystemIdentifier system = SYSTEM;

  StoredCluster() {
    Random random = new Random(7);
    file("PG_VERSION", "15\n");
    file("backup_label", LABEL);
    file("tablespace_map", "16385 /srv/fast\n");
    file("standby.signal", "");
    file("postmaster.opts", "/usr/bin/postgres\n");
    file("barman_wal/list", "000000010000000000000001\n");
    file("postgresql.conf", "max_connections = 5\nport = 5433\n");
    file("postgresql.auto.conf", "work_mem = '5MB'\nprimary_slot_name = 'prod'\n");
    file("pg_hba.conf", "local all all trust\n");
    file("pg_ident.conf", "");
    file("base/1/empty", "");
    for (int i = 1; i <= 20; i++) {
      byte[] content = new byte[random.nextInt(200_000)];
      random.nextBytes(content);
      files.put("base/1/" + (16000 + i), content);
    }
    byte[] large = new byte[3_000_000];
    random.nextBytes(large);
    Arrays.fill(large, 500_000, 1_500_000, (byte) 0);
    Arrays.fill(large, 2_500_000, 3_000_000, (byte) 0);
    files.put("base/1/17000", large);
    files.put("global/pg_control", golden("pg_control"));
  }

  StoredCluster file(String path, String content) {
    files.put(path, content.getBytes(UTF_8));
    return this;
  }

  static byte[] golden(String name) {
    String resource = "/io/github/barman4j/postgres/15/" + name + ".gz";
    try (InputStream in = StoredCluster.class.getResourceAsStream(resource);
        GZIPInputStream content = new GZIPInputStream(Objects.requireNonNull(in))) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stores the log, as the server archives it; the history of timeline 2 is left to {@link #addHistory}. */
  StoredCluster archive(Path scratch, String... names) throws IOException {
    for (String name : names) {
      Path file = scratch.resolve(name);
      Files.write(file, golden(name));
      archive.store(WalSegment.parse(name, SIZE), file, SYSTEM);
      Files.delete(file);
    }
    return this;
  }

  StoredCluster addHistory() {
    archive.storeHistory(
        new Timeline(2), "1\t0/E09AF8\tno recovery target specified\n".getBytes(UTF_8));
    return this;
  }

  /** Stores the files and enters the backup in the catalog. */
  Backup backUp() {
    return backUp(BACKUP);
  }

  Backup backUp(BackupId id) {
    BackupContents contents;
    try (RepositoryLock lock = repository.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("test", 2, 16);
        BackupWriter writer = repository.newBackup(id.value(), null, workers)) {
      directories().forEach(directory -> writer.directory(directory, 0700));
      tablespaces.forEach(
          tablespace -> writer.link("pg_tblspc/" + tablespace.oid(), tablespace.location()));
      links.forEach(writer::link);
      files.forEach((path, content) -> writer.file(
          new FileInfo(path, mode, DAY, content.length), new ByteArrayInputStream(content)));
      configuration.forEach(writer::configuration);
      contents = writer.finish();
    }
    Backup backup = new Backup(
        id,
        Optional.empty(),
        system,
        PostgresVersion.parse("15.19"),
        DAY,
        DAY.plusSeconds(1),
        Lsn.parse("0/900028"),
        Lsn.parse("0/900180"),
        Timeline.FIRST,
        Timeline.FIRST,
        SIZE,
        tablespaces,
        "stream",
        Optional.empty(),
        contents.manifestHash(),
        new Backup.Sizes(contents.databaseBytes(), contents.files(), 0, 0, 0),
        contents.packs(),
        "zstd:1",
        Duration.ofSeconds(1),
        true,
        dataDirectory,
        List.copyOf(configuration.keySet()));
    new Catalog(repository).commit(backup);
    return backup;
  }

  private Set<String> directories() {
    Set<String> directories = new TreeSet<>(Set.of("pg_wal"));
    for (String path : files.keySet()) {
      for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
        directories.add(path.substring(0, slash));
      }
    }
    directories.removeAll(links.keySet());
    tablespaces.forEach(tablespace -> directories.remove("pg_tblspc/" + tablespace.oid()));
    return directories;
  }

  RestorePlanner planner(Path spool) {
    return new RestorePlanner(new Catalog(repository), archive, spool);
  }

  Restorer restorer() {
    return restorer(EventSink.NONE);
  }

  Restorer restorer(EventSink events) {
    RestorePlanner planner = planner(Path.of("/nowhere/spool"));
    return new Restorer(repository, archive, planner, 2, events, InstantSource.fixed(DAY));
  }
}
