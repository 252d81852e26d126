package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
import static io.github.barman4j.it.receive.Archives.assertEqualToServer;
import static io.github.barman4j.it.receive.Archives.connection;
import static io.github.barman4j.it.receive.Archives.lsn;
import static io.github.barman4j.it.receive.Archives.makeSynchronous;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledReceiverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int KILLS = 5;

  @TempDir
  Path folder;

  @Test
  void hasEveryAcknowledgedCommitWheneverItIsKilled()
      throws SQLException, InterruptedException, IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    SplittableRandom random = new SplittableRandom(seed);
    Path spool = folder.resolve("spool");
    WalArchive archive = Archives.archive(folder.resolve("repository"));
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(cluster, folder)) {
      ReceiverProcess receiver = start(cluster, spool);
      await().atMost(PATIENCE).until(() -> isStreaming(cluster));
      makeSynchronous(cluster, SLOT);
      Workload load = commits.start();
      try {
        for (int kill = 0; kill < KILLS; kill++) {
          int before = commits.acknowledged();
          int enough = random.nextInt(1, 600);
          await().atMost(PATIENCE).until(() -> {
            load.requireAlive();
            return commits.acknowledged() >= before + enough;
          });
          receiver.kill();
          await().atMost(PATIENCE).until(() -> !isStreaming(cluster));
          commits.assertAllReceived(archive, spool);
          receiver = start(cluster, spool);
          if (random.nextBoolean()) {
            switchSegment(cluster);
          }
        }
        int before = commits.acknowledged();
        await().atMost(PATIENCE).until(() -> commits.acknowledged() >= before + 200);
        load.stop(Duration.ofSeconds(10));
        switchSegment(cluster);
        Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
        await()
            .atMost(PATIENCE)
            .until(() -> !lsn(cluster, "coalesce(max(flush_lsn), '0/0') FROM pg_stat_replication")
                .isBefore(end));
        assertThat(receiver.stop()).isZero();
        commits.assertAllReceived(archive, spool);
        assertEqualToServer(archive, spool, cluster, folder);
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      } finally {
        load.close();
        receiver.close();
      }
    }
  }

  private ReceiverProcess start(EmbeddedCluster cluster, Path spool) {
    return ReceiverProcess.start(
        connection(cluster),
        SLOT,
        folder.resolve("repository"),
        spool,
        folder.resolve("receiver.log"));
  }

  private static boolean isStreaming(EmbeddedCluster cluster) {
    return !value(cluster, "SELECT pid FROM pg_stat_replication WHERE state = 'streaming'")
        .isEmpty();
  }

  /** Writes nothing that a synchronous standby would have to confirm. */
  private static void switchSegment(EmbeddedCluster cluster) {
    cluster.execute("postgres", "SELECT pg_switch_wal()");
  }
}
