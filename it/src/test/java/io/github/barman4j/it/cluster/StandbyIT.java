package io.github.barman4j.it.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.Standby;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RestoreRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StandbyIT {
  private static final String DATABASE = "postgres";
  private static final String COUNT = "SELECT count(*) FROM kept";

  @TempDir
  Path repository;

  @Test
  void streamsStallsPausesAndIsPromoted() {
    try (EmbeddedCluster primary =
        EmbeddedCluster.builder(TestPostgres.major(17)).start()) {
      primary.execute(DATABASE, "CREATE TABLE kept AS SELECT 1 AS i");
      Path copy = copy(primary);
      try (Standby standby = Standby.of(primary, copy, "follower")) {
        standby.start();
        assertThat(primary.query(
                DATABASE, "SELECT application_name || ' ' || state FROM pg_stat_replication"))
            .containsExactly("follower streaming");
        standby.awaitReplayed(insert(primary, 2));
        assertThat(standby.server().query(DATABASE, COUNT)).containsExactly("2");

        standby.pauseReplay();
        Lsn paused = insert(primary, 3);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> standby
                .server()
                .query(DATABASE, "SELECT pg_last_wal_receive_lsn() >= '" + paused + "'")
                .contains("t"));
        assertThat(standby.server().query(DATABASE, COUNT)).containsExactly("2");
        standby.resumeReplay();
        standby.awaitReplayed(paused);

        standby.stall();
        Lsn unseen = insert(primary, 4);
        assertThat(primary.query(DATABASE, "SELECT pid FROM pg_stat_replication"))
            .isEmpty();
        assertThat(standby.replayed()).isLessThan(unseen);

        standby.promote();
        assertThat(standby.server().log().has(LogMark.READY)).isTrue();
        standby.server().execute(DATABASE, "INSERT INTO kept VALUES (5)");
        assertThat(standby.server().query(DATABASE, "SELECT i FROM kept ORDER BY i"))
            .containsExactly("1", "2", "3", "5");
        assertThat(standby.server().query(DATABASE, "SELECT pg_walfile_name(pg_current_wal_lsn())"))
            .singleElement()
            .asString()
            .startsWith("00000002");
      }
      assertThat(copy).isDirectory();
    }
  }

  private Path copy(EmbeddedCluster primary) {
    Engine engine = Engine.open(
        EngineConfiguration.of(
            repository,
            "main",
            new ServerConnection(primary.jdbcUrl(DATABASE), primary.user(), primary.password())),
        EventSink.NONE);
    engine.backup(BackupRequest.defaults());
    Path copy = primary.newFolder("copy");
    engine.restore(RestoreRequest.to(copy).owner(primary.fileOwner()).build());
    return copy;
  }

  /** Returns where the server's log ends afterwards. */
  private static Lsn insert(EmbeddedCluster primary, int value) {
    primary.execute(DATABASE, "INSERT INTO kept VALUES (" + value + ")");
    return Lsn.parse(
        primary.query(DATABASE, "SELECT pg_current_wal_flush_lsn()").get(0));
  }
}
