package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
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
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StalledReceiverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SILENCE = Duration.ofSeconds(2);

  @TempDir
  Path folder;

  private Path spool = Path.of("");
  private WalArchive archive = Archives.archive(Path.of("target"));

  @BeforeEach
  void makeArchive() {
    spool = folder.resolve("spool");
    archive = Archives.archive(folder.resolve("repository"));
  }

  /** A black hole closes nothing: only the receiver itself can find out, and the server must let its slot go. */
  @Test
  void noticesASilentStallAndIsSynchronousAgain() throws SQLException, IOException {
    try (EmbeddedCluster cluster =
            server(TestPostgres.newest()).setting("wal_sender_timeout", "3s").start();
        Commits commits = Commits.in(cluster, folder);
        SwallowingProxy proxy = new SwallowingProxy(cluster.port());
        RunningReceiver running = RunningReceiver.startAndAwait(through(proxy, cluster), archive)) {
      makeSynchronous(cluster, SLOT);
      commits.run(100);
      // Idle for longer than the silence that is allowed: asked, the server answers.
      await()
          .during(SILENCE.multipliedBy(2))
          .atMost(PATIENCE)
          .until(() -> running.receiver().status().streaming());
      assertThat(running.warnings()).isEmpty();

      long stalled = System.nanoTime();
      proxy.swallow();
      await().atMost(PATIENCE).until(() -> !running.receiver().status().streaming());
      Duration noticed = Duration.ofNanos(System.nanoTime() - stalled);
      assertThat(noticed).isBetween(SILENCE.dividedBy(2), SILENCE.plusSeconds(8));
      assertThat(running.warnings()).anyMatch(text -> text.contains("has not answered for 2 s"));

      proxy.heal();
      commits.run(100);
      assertThat(value(cluster, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("sync");
      running.stop();
      commits.assertAllReceived(archive, spool);
    }
  }

  /** Reconnects under load, and every acknowledged commit is there each time: nothing is acknowledged in between by nobody. */
  @Test
  void staysSynchronousWhateverEndsItsConnections() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start();
        Commits commits = Commits.in(cluster, folder);
        RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      makeSynchronous(cluster, SLOT);
      try (Workload load = commits.start()) {
        for (int i = 0; i < 4; i++) {
          int before = commits.acknowledged();
          await().atMost(PATIENCE).until(() -> commits.acknowledged() >= before + 100);
          cluster.execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
          await()
              .atMost(PATIENCE)
              .until(() ->
                  value(cluster, "SELECT sync_state FROM pg_stat_replication").equals("sync"));
          commits.assertAllReceived(archive, spool);
        }
        load.stop(Duration.ofSeconds(10));
      }
      cluster.stop(StopMode.FAST);
      cluster.start();
      commits.run(100);
      assertThat(value(cluster, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("sync");
      Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
      await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
      running.stop();
      commits.assertAllReceived(archive, spool);
      assertEqualToServer(archive, spool, cluster, folder);
    }
  }

  private ReceiveSettings through(SwallowingProxy proxy, EmbeddedCluster cluster) {
    ConnectionSettings connection = ConnectionSettings.of(
        "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres",
        cluster.user(),
        cluster.password());
    return ReceiveSettings.of(connection, SLOT, spool)
        .withConnectTimeout(Duration.ofSeconds(2))
        .withSilence(SILENCE);
  }
}
