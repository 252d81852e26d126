package io.github.barman4j.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.BackupContents;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.Encrypted;
import io.github.barman4j.repository.FileInfo;
import io.github.barman4j.repository.KeyRing;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.wal.TestLog;
import io.github.barman4j.wal.WalArchive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A small repository with backups of a made-up cluster and its log. */
final class SampleRepository {
  static final String TABLE = "base/5/16384";
  static final String SMALL = "base/5/16390";
  static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

  final InMemoryObjectStore store = new InMemoryObjectStore();
  final Map<String, byte[]> files = new TreeMap<>();
  final TestLog log = new TestLog(3);
  private Lsn begin;
  private final Path scratch;
  private final KeyRing keys;
  private int taken;

  /** What the log gets between the end of a backup and the end of its segment. */
  Runnable afterEnd = () -> {};

  /** @param scratch an empty directory */
  SampleRepository(Path scratch) throws IOException {
    this(scratch, KeyRing.NONE);
  }

  /** @param keys with {@link Encrypted#PASSPHRASE} for one that is encrypted */
  SampleRepository(Path scratch, KeyRing keys) throws IOException {
    this.scratch = scratch;
    this.keys = keys;
    RepositoryOptions options = new RepositoryOptions(8192, 16384, 1 << 20, 16);
    if (keys == KeyRing.NONE) {
      Repository.openOrCreate(store, options);
    } else {
      Encrypted.create(store, options);
    }
    int pages = 40;
    server().claim(TestLog.SYSTEM.value(), 15);
    begin = log.commit(700, NOW).start();
    byte[] table = new byte[pages * Page.SIZE];
    for (int block = 0; block < pages; block++) {
      page(table, block, block, Lsn.parse("0/200000"));
    }
    files.put(TABLE, table);
    files.put(SMALL, java.util.Arrays.copyOf(table, Page.SIZE));
    files.put("PG_VERSION", "15\n".getBytes(UTF_8));
    files.put("global/pg_control", control());
  }

  /** Writes a page with a right checksum. */
  static void page(byte[] file, int page, int content, Lsn lsn) {
    ByteBuffer bytes =
        ByteBuffer.wrap(file, page * Page.SIZE, Page.SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(0, (int) (lsn.value() >>> 32)).putInt(4, (int) lsn.value());
    bytes.putShort(10, (short) 0).putShort(12, (short) 40).putShort(14, (short) 8000);
    bytes.putShort(16, (short) 8192).putShort(18, (short) (8192 | 4));
    bytes.putInt(8100, content * 7 + 1);
    bytes.putShort(8, (short) Page.checksum(file, page * Page.SIZE, page));
  }

  /** Writes a page anew, as a server that changed it. */
  void change(int page, int content) {
    byte[] table = files.get(TABLE).clone();
    page(table, page, content, Lsn.parse("0/200000"));
    files.put(TABLE, table);
  }

  private static byte[] control() throws IOException {
    try (InputStream in =
        new GZIPInputStream(Objects.requireNonNull(SampleRepository.class.getResourceAsStream(
            "/io/github/barman4j/postgres/15/pg_control.gz")))) {
      return in.readAllBytes();
    }
  }

  ServerRepository server() {
    return server(store, keys);
  }

  private static ServerRepository server(ObjectStore store, KeyRing keys) {
    return Repository.open(store, keys).server("main", Compression.DEFAULT);
  }

  /** Backups begin here from now on. */
  void startHere() {
    begin = log.commit(702, NOW).start();
  }

  /** Archives what the log has, up to the next segment, and takes a backup from where backups begin to there. */
  Backup take(@Nullable Backup parent) throws IOException {
    String id = String.format("20261123T0601%02dZ-000%d", taken, taken++);
    ServerRepository server = server();
    BackupContents contents;
    BackupReader before =
        parent == null ? null : server.openBackup(parent.id().value(), parent.manifestHash());
    try (RepositoryLock lock = server.lock(ServerRepository.BACKUP);
        TaskGroup workers = TaskGroup.of("test", 2, 4);
        BackupWriter writer = server.newBackup(id, before, workers)) {
      writer.directory("base", 0700);
      files.forEach((path, content) -> writer.file(
          new FileInfo(path, 0600, NOW, content.length), new ByteArrayInputStream(content)));
      writer.configuration("postgresql.conf", "port = 5432\n".getBytes(UTF_8));
      contents = writer.finish();
    }
    Lsn end = log.commit(701 + taken, NOW).end();
    afterEnd.run();
    archive();
    Backup backup = new Backup(
        new BackupId(id),
        Optional.empty(),
        TestLog.SYSTEM,
        new PostgresVersion(150004),
        NOW,
        NOW,
        begin,
        end,
        Timeline.FIRST,
        Timeline.FIRST,
        TestLog.SIZE,
        List.of(),
        "stream",
        Optional.ofNullable(parent).map(Backup::id),
        contents.manifestHash(),
        new Backup.Sizes(
            contents.databaseBytes(),
            contents.files(),
            contents.newBytes(),
            contents.storedBytes(),
            contents.reusedBytes()),
        contents.packs(),
        "zstd:1",
        Duration.ofSeconds(1),
        true,
        "/srv/data",
        List.of("postgresql.conf"));
    new Catalog(server).commit(backup);
    server.confirmBackup(id);
    return backup;
  }

  /** Ends the segment and archives all that are whole. */
  void archive() throws IOException {
    log.switchSegment();
    WalArchive archive = new WalArchive(server());
    for (WalSegment segment : log.fullSegments()) {
      archive.store(segment, log.write(scratch, segment), TestLog.SYSTEM);
    }
  }

  VerifyReport verify(VerifyRequest request) {
    return verify(store, keys, request);
  }

  static VerifyReport verify(ObjectStore store, KeyRing keys, VerifyRequest request) {
    ServerRepository server = server(store, keys);
    server
        .identity()
        .orElseThrow(() -> new BarmanException(
            ErrorCode.REPOSITORY_NOT_FOUND, "server.json is gone", "restore it"));
    return new Verifier(server, 2, EventSink.NONE, InstantSource.system()).verify(request);
  }

  /** The packs, in the order in which they were written. */
  List<String> packs() {
    return store.list("main/packs/");
  }
}
