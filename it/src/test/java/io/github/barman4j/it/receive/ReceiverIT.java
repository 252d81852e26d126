package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.assertEqualToServer;
import static io.github.barman4j.it.receive.Archives.lsn;
import static io.github.barman4j.it.receive.Archives.makeSynchronous;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.settings;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.receive.ReceiverStatus;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReceiverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path folder;

  private Path spool = Path.of("");
  private WalArchive archive = Archives.archive(Path.of("target"));

  @BeforeEach
  void makeArchive() {
    spool = folder.resolve("spool");
    archive = Archives.archive(folder.resolve("repository"));
  }

  @Test
  void receivesAsASynchronousStandbyAndHasEveryAcknowledgedCommit()
      throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(cluster, folder)) {
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        makeSynchronous(cluster, Archives.SLOT);
        commits.run(500);
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        commits.run(1000);
        assertThat(value(cluster, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("sync");
        await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
        running.stop();
        ReceiverStatus status = running.receiver().status();
        assertThat(status.streaming()).isFalse();
        assertThat(status.flushed()).isEqualTo(status.written());
      }
      commits.assertAllReceived(archive, spool);
      assertEqualToServer(archive, spool, cluster, folder);
      assertThat(value(cluster, "SELECT active FROM pg_replication_slots")).isEqualTo("f");
    }
  }

  @Test
  void goesOnWhereItWasStopped() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start();
        Commits commits = Commits.in(cluster, folder)) {
      for (int run = 0; run < 4; run++) {
        try (RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
          commits.run(200);
          if (run % 2 == 0) {
            cluster.execute("postgres", "SELECT pg_switch_wal()");
          }
          Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
          await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
          commits.assertAllReceived(archive, spool);
          running.stop();
          assertThat(running.warnings()).isEmpty();
        }
        commits.run(100);
      }
      assertEqualToServer(archive, spool, cluster, folder);
    }
  }

  @Test
  void reconnectsWhenTheServerIsRestarted() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(cluster, folder);
        RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      commits.run(200);
      cluster.stop(StopMode.FAST);
      cluster.start();
      commits.run(200);
      cluster.kill();
      cluster.start();
      commits.run(200);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
      await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
      running.stop();
      assertThat(running.warnings()).isNotEmpty().allMatch(text -> text.contains("interrupted"));
      assertEqualToServer(archive, spool, cluster, folder);
    }
  }

  @Test
  void followsThePromotionOfTheServerThatItStreamsFrom() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(cluster, folder);
        RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      commits.run(200);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      commits.run(200);
      cluster.stop(StopMode.FAST);
      Files.createFile(cluster.dataDirectory().resolve("standby.signal"));
      cluster.launch();
      cluster.awaitReadOnly();
      running.awaitStreaming();
      cluster.execute("postgres", "SELECT pg_promote()");
      commits.run(200);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
      await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
      running.stop();

      assertThat(running.receiver().status().timeline()).contains(new Timeline(2));
      assertThat(archive.history(new Timeline(2))).isPresent();
      commits.assertAllReceived(archive, spool);
      assertThat(archive.segments())
          .extracting(segment -> segment.timeline().id())
          .contains(1, 2);
      assertEqualToServer(archive, spool, cluster, folder);
      assertThat(running.warnings()).allMatch(text -> text.contains("interrupted"));
    }
  }
}
