package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restores into directories that hold something already: a cluster that has changed, or what a killed restore has left. */
@Timeout(180)
class OverwritingRestoreIT {
  private static final int KILLS = 3;

  @TempDir
  static Path repository;

  private static EmbeddedCluster cluster;
  private static RecordedServer server;

  @BeforeAll
  static void record() {
    cluster = RecordedServer.builder(TestPostgres.newest()).start();
    server = new RecordedServer(cluster, repository)
        .execute(
            "create table big as select i, repeat(md5(i::text), 4) t from generate_series(1, 60000) i",
            "create table small as select i from generate_series(1, 10) i",
            "create index on big (i)")
        .backup("only")
        .step("end", "update small set i = i + 100")
        .destroy();
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static void assertEqual(RestoreRequest request) {
    try (EmbeddedCluster restored = server.restored(request)) {
      restored.start();
      assertThat(RecordedServer.tables(restored)
              .differencesFrom(server.moment("end").tables()))
          .isEmpty();
      restored.execute(RecordedServer.DATABASE, "create table writable (i int)");
      restored.stop(StopMode.FAST);
    }
  }

  @Test
  void makesAChangedClusterEqualToTheBackup() throws IOException {
    RestoreRequest first = server.request().build();
    server.engine().restore(first);
    RestoreRequest over = RestoreRequest.to(first.directory())
        .owner(cluster.fileOwner())
        .delta(true)
        .build();
    Path table;
    try (EmbeddedCluster restored = server.restored(first)) {
      restored.start();
      assertThatThrownBy(() -> server.engine().restore(over))
          .isInstanceOfSatisfying(BarmanException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_DIRECTORY_RUNNING);
            assertThat(e.hint()).contains("stop the server first");
          });
      table = first
          .directory()
          .resolve(restored
              .query(RecordedServer.DATABASE, "select pg_relation_filepath('big')")
              .get(0));
      restored.execute(
          RecordedServer.DATABASE,
          "update small set i = -i",
          "update big set t = 'changed' where i % 7 = 0",
          "create table stray as select i from generate_series(1, 5000) i",
          "create database another",
          "alter system set work_mem = '9MB'",
          "checkpoint");
      restored.stop(StopMode.FAST);
    }
    flipByte(table);
    Files.writeString(first.directory().resolve("standby.signal"), "");
    Files.writeString(first.directory().resolve("postmaster.pid"), "999999999\n");

    RestoreResult result = server.engine().restore(over);

    RestoreResult.Delta delta = result.delta().orElseThrow();
    assertThat(delta.resumed()).isFalse();
    assertThat(delta.blocksKept()).isGreaterThan(500);
    assertThat(delta.blocksWritten()).isGreaterThan(100);
    assertThat(delta.removed()).isGreaterThan(200);
    assertEqual(over);
  }

  @Test
  void writesAlmostNothingWhenAlmostNothingChanged() throws IOException {
    RestoreRequest first = server.request().build();
    RestoreResult whole = server.engine().restore(first);
    long blocks = whole.base().bytes() / 32768;
    Path table = Files.walk(first.directory().resolve("base"))
        .filter(path -> path.toFile().length() > 4_000_000)
        .findFirst()
        .orElseThrow();
    flipByte(table);

    RestoreResult result = server
        .engine()
        .restore(RestoreRequest.to(first.directory())
            .owner(cluster.fileOwner())
            .delta(true)
            .build());

    RestoreResult.Delta delta = result.delta().orElseThrow();
    assertThat(delta.blocksWritten())
        .as("the flipped byte's, and those of the settings that the restore had written")
        .isBetween(1L, 3L);
    assertThat(delta.blocksKept()).isGreaterThan(blocks);
    assertEqual(first);
  }

  @Test
  void goesOnAfterItWasKilled() throws IOException, InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    int resumed = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      RestoreRequest request = server.request().build();
      Path log = repository.resolve("../restore-" + kill + ".log").normalize();
      int files = kill == 0 ? 60 : random.nextInt(1, 900);
      try (RestoreProcess process =
          RestoreProcess.start(repository, request.directory(), cluster.fileOwner(), log)) {
        await()
            .pollInterval(Duration.ofMillis(2))
            .atMost(Duration.ofSeconds(60))
            .until(() -> !process.isAlive() || count(request.directory()) >= files);
        process.kill();
      }
      String where = "seed " + seed + ", killed at " + files + " files";
      boolean finished = Files.exists(request.directory().resolve("global/pg_control"));
      boolean begun = Files.exists(request.directory().resolve("barman_restore_unfinished"));
      RestoreResult result = server
          .engine()
          .restore(RestoreRequest.to(request.directory())
              .owner(cluster.fileOwner())
              .delta(finished)
              .build());
      assertThat(result.delta().map(RestoreResult.Delta::resumed).orElse(false))
          .as(where)
          .isEqualTo(begun && !finished);
      resumed += begun && !finished ? 1 : 0;
      if (kill == 0) {
        assertEqual(request);
      } else {
        assertThat(request.directory().resolve("barman_restore_unfinished"))
            .as(where)
            .doesNotExist();
        assertWhole(request);
      }
    }
    assertThat(resumed)
        .as("restores that were killed at their work, seed " + seed)
        .isPositive();
  }

  /** Another delta finds nothing to do: every block has the hash that the backup says. */
  private static void assertWhole(RestoreRequest request) {
    RestoreResult again = server
        .engine()
        .restore(RestoreRequest.to(request.directory())
            .owner(cluster.fileOwner())
            .delta(true)
            .build());
    assertThat(again.delta().orElseThrow().blocksWritten()).isLessThanOrEqualTo(2);
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.count();
    } catch (UncheckedIOException e) {
      // A temporary file went while the tree was walked.
      return 0;
    }
  }

  /** In the middle; size and time stay what they were. */
  private static void flipByte(Path file) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "rw")) {
      long at = content.length() / 2;
      content.seek(at);
      int old = content.read();
      content.seek(at);
      content.write(old ^ 1);
    }
    Files.setLastModifiedTime(file, time);
  }
}
