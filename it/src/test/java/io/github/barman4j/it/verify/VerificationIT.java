package io.github.barman4j.it.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.repository.StoredBlock;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.verify.HealReport;
import io.github.barman4j.verify.VerifiedBackup;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class VerificationIT {
  private static EmbeddedCluster cluster;

  @TempDir
  Path directory;

  private Engine engine;

  @BeforeAll
  static void startServer() {
    cluster = EmbeddedCluster.builder(TestPostgres.newest())
        .initdbOption("--data-checksums")
        .setting("shared_buffers", "4MB")
        .setting("autovacuum", "off")
        .start();
    cluster.execute(
        "postgres",
        "CREATE TABLE filler AS SELECT i, repeat(md5(i::text), 8) AS t FROM generate_series(1, 40000) i",
        "CREATE INDEX filler_index ON filler (i)",
        "CREATE DATABASE \"the other\"",
        "CHECKPOINT");
    cluster.execute(
        "the other",
        "CREATE TABLE \"odd name\" AS SELECT i FROM generate_series(1, 5000) i",
        "CHECKPOINT");
  }

  @AfterAll
  static void stopServer() {
    cluster.close();
  }

  @BeforeEach
  void openEngine() {
    engine = Engine.open(
        EngineConfiguration.of(
            directory,
            "main",
            new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password())),
        event -> {});
  }

  @Test
  void findsNothingWrongWithBackupsThatWereTakenUnderLoad() throws SQLException {
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> load = CompletableFuture.runAsync(() -> write(enough));
    try {
      engine.backup(BackupRequest.defaults());
      engine.backup(BackupRequest.defaults());
    } finally {
      enough.set(true);
      load.join();
    }
    VerifyReport report = engine.verify(VerifyRequest.all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.backups()).hasSize(2).allSatisfy(backup -> {
      assertThat(backup.pages()).isGreaterThan(5_000);
      assertThat(backup.files()).isGreaterThan(1_000);
    });
    assertThat(report.wal().segments()).isPositive();
  }

  private static void write(AtomicBoolean enough) {
    try (Connection connection = cluster.connect("postgres");
        Statement statement = connection.createStatement()) {
      for (int round = 0; !enough.get(); round++) {
        statement.execute("UPDATE filler SET t = md5(t) WHERE i % 40 = " + round % 40);
        statement.execute("CHECKPOINT");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void namesARelationWithABadPageAndMarksTheBackup() throws IOException {
    Backup good = engine.backup(BackupRequest.defaults()).backup();
    String path = cluster
        .query("the other", "SELECT pg_relation_filepath('\"odd name\"')")
        .get(0);
    flipOnDisk(path, 3 * 8192 + 4000);
    try {
      assertThatThrownBy(() -> engine.backup(BackupRequest.defaults()))
          .isInstanceOfSatisfying(
              BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PAGE_DAMAGED))
          .hasMessageContaining("public.\"odd name\" in database the other")
          .hasMessageContaining("block 3")
          .hasMessageContaining(path);
    } finally {
      flipOnDisk(path, 3 * 8192 + 4000);
    }
    Backup bad = engine.backup("latest");
    assertThat(bad.id()).isNotEqualTo(good.id());
    assertThat(catalog().isDamaged(bad.id())).isTrue();
    assertThat(catalog().isDamaged(good.id())).isFalse();
    assertThat(catalog().marks(bad.id()))
        .singleElement()
        .isInstanceOfSatisfying(
            Mark.Damaged.class,
            mark -> assertThat(mark.files()).singleElement().satisfies(file -> {
              assertThat(file.path()).isEqualTo(path);
              assertThat(file.blocks()).containsExactly(3L);
              assertThat(file.relation()).isEqualTo("public.\"odd name\" in database the other");
            }));
    VerifyReport report = engine.verify(VerifyRequest.all());
    assertThat(report.findings()).singleElement().satisfies(found -> {
      assertThat(found.backup()).isEqualTo(bad.id().value());
      assertThat(found.relation()).contains("odd name");
      assertThat(found.blocks()).containsExactly(3L);
    });
    Backup after = engine.backup(BackupRequest.defaults()).backup();
    assertThat(engine.verify(VerifyRequest.of(after.id().value())).passed()).isTrue();
    assertThat(catalog().isDamaged(bad.id())).isTrue();
  }

  @Test
  void healsFromTheServerAndFromTheNextBackup() throws IOException {
    Backup first = engine.backup(BackupRequest.defaults()).backup();
    String path =
        cluster.query("postgres", "SELECT pg_relation_filepath('filler')").get(0);
    damage(first, path, 20);
    VerifyReport damaged = engine.verify(VerifyRequest.all());
    assertThat(damaged.findings()).allSatisfy(found -> assertThat(found.file()).isEqualTo(path));
    assertThat(catalog().isDamaged(first.id())).isTrue();
    HealReport healed = engine.heal("latest");
    assertThat(healed.fromServer()).isPositive();
    assertThat(healed.lost()).isEmpty();
    assertThat(healed.passed()).isTrue();
    assertThat(catalog().isDamaged(first.id())).isFalse();

    damage(first, path, 60);
    assertThat(engine.verify(VerifyRequest.all()).passed()).isFalse();
    Backup second = engine.backup(BackupRequest.defaults()).backup();
    assertThat(second.parent()).contains(first.id());
    VerifyReport report = engine.verify(VerifyRequest.all());
    assertThat(report.findings()).isEmpty();
    assertThat(report.backups()).allMatch(VerifiedBackup::passed).hasSize(2);
    assertThat(catalog().isDamaged(first.id())).isFalse();
  }

  @Test
  void findsFlippedBytesOfARealRepository() throws IOException {
    engine.backup(BackupRequest.defaults());
    ByteFlips.Outcome outcome = ByteFlips.run(directory, engine.configuration(), 300, 20261126);
    assertThat(outcome.missed()).isEmpty();
    assertThat(outcome.found()).isEqualTo(300);
    assertThat(engine.verify(VerifyRequest.all()).passed()).isTrue();
  }

  @Test
  void takesABackupAlthoughTheBlockMapsOfItsParentAreDamaged() throws IOException {
    Backup first = engine.backup(BackupRequest.defaults()).backup();
    for (String pack : first.packs().keySet()) {
      Path file = packFile(pack);
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        for (long at = 100; at < bytes.length(); at += 1000) {
          flip(bytes, at);
        }
      }
    }
    Backup second = engine.backup(BackupRequest.defaults()).backup();
    VerifyReport report = engine.verify(VerifyRequest.all());
    assertThat(report.backups().get(0).passed()).isFalse();
    assertThat(catalog().isDamaged(first.id())).isTrue();
    engine.backup(BackupRequest.defaults());
    assertThat(engine.verify(VerifyRequest.of("latest")).passed()).isTrue();
    assertThat(second.parent()).contains(first.id());
  }

  private ServerRepository repository() {
    return Repository.open(LocalObjectStore.at(directory)).server("main", Compression.DEFAULT);
  }

  private Catalog catalog() {
    return new Catalog(repository());
  }

  private void damage(Backup backup, String path, long block) throws IOException {
    BackupReader reader = repository().openBackup(backup.id().value(), backup.manifestHash());
    StoredBlock place =
        reader.place((FileEntry) reader.find(path).orElseThrow(), block).orElseThrow();
    try (RandomAccessFile bytes =
        new RandomAccessFile(packFile(place.packName()).toFile(), "rw")) {
      flip(bytes, Integer.toUnsignedLong(place.frame()) + place.frameLength() - 1);
    }
  }

  private Path packFile(String pack) {
    return directory.resolve("main/packs").resolve(pack.substring(0, 2)).resolve(pack);
  }

  private static void flipOnDisk(String path, long at) throws IOException {
    try (RandomAccessFile bytes =
        new RandomAccessFile(cluster.dataDirectory().resolve(path).toFile(), "rw")) {
      flip(bytes, at);
    }
  }

  private static void flip(RandomAccessFile bytes, long at) throws IOException {
    bytes.seek(at);
    int one = bytes.read();
    bytes.seek(at);
    bytes.write(one ^ 1);
  }
}
