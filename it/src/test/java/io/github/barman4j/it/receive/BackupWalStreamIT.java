package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SEGMENT_SIZE;
import static io.github.barman4j.it.receive.Archives.connection;
import static io.github.barman4j.it.receive.Archives.lsn;
import static io.github.barman4j.it.receive.Archives.makeSynchronous;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.WalGapException;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.receive.BackupWalStream;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupWalStreamIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path folder;

  private Path spool = Path.of("");
  private WalArchive archive = Archives.archive(Path.of("target"));

  @BeforeEach
  void makeArchive() {
    spool = folder.resolve("backup-wal");
    archive = Archives.archive(folder.resolve("repository"));
  }

  @Test
  void archivesWhatCameSinceItWasOpenedAndLeavesNothingBehind() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(cluster, folder)) {
      try (BackupWalStream stream = open(cluster)) {
        Lsn begin = lsn(cluster, "pg_current_wal_insert_lsn()");
        commits.run(300);
        cluster.execute(
            "postgres", "SELECT pg_logical_emit_message(false, 'x', repeat('x', 3000000))");
        Lsn end = lsn(cluster, "pg_switch_wal()");

        stream.awaitArchived(Timeline.FIRST, begin, Timeline.FIRST, end, PATIENCE);

        assertThat(archive.segments()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(value(cluster, "SELECT count(*) FROM pg_replication_slots WHERE temporary"))
            .isEqualTo("1");
        Archives.assertEqualToServer(archive, spool, cluster, folder);
        commits.assertAllReceived(archive, spool);
        stream.checkAlive();
      }
      assertThat(spool).doesNotExist();
      await()
          .atMost(PATIENCE)
          .until(
              () -> value(cluster, "SELECT slot_name FROM pg_replication_slots").isEmpty());
    }
  }

  @Test
  void neverCountsAsASynchronousStandby() throws InterruptedException {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start();
        BackupWalStream stream = open(cluster)) {
      makeSynchronous(cluster, "*");
      Thread commit =
          new Thread(() -> cluster.execute("postgres", "CREATE TABLE waiting AS SELECT 1"));
      commit.start();
      await()
          .during(Duration.ofSeconds(2))
          .atMost(PATIENCE)
          .until(
              () -> value(cluster, "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                      .length()
                  > 0);
      assertThat(value(cluster, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("async");
      assertThat(value(cluster, "SELECT flush_lsn FROM pg_stat_replication")).isEqualTo("null");
      stream.checkAlive();

      makeSynchronous(cluster, "");
      commit.join(PATIENCE.toMillis());
      assertThat(commit.isAlive()).isFalse();
    }
  }

  @Test
  void namesWhatIsMissingWhenTheTimeIsOver() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        BackupWalStream stream = open(cluster)) {
      Lsn end = lsn(cluster, "pg_current_wal_insert_lsn()");

      assertThatThrownBy(() -> stream.awaitArchived(
              Timeline.FIRST, end.plus(-1), Timeline.FIRST, end, Duration.ofMillis(300)))
          .isInstanceOf(WalGapException.class)
          .hasMessageContaining(stream.firstSegment().name());
    }
  }

  @Test
  void tellsWhoWaitsThatTheServerIsGone() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        BackupWalStream stream = open(cluster)) {
      Lsn end = lsn(cluster, "pg_current_wal_insert_lsn()");
      cluster.kill();

      assertThatThrownBy(() ->
              stream.awaitArchived(Timeline.FIRST, end.plus(-1), Timeline.FIRST, end, PATIENCE))
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_LOST));
      assertThatThrownBy(stream::checkAlive).isInstanceOf(BarmanException.class);
    }
  }

  @Test
  void refusesAnotherClusterThanTheBackups() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start()) {
      assertThatThrownBy(() -> open(cluster, new SystemIdentifier(42)))
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_OTHER_SYSTEM));
      assertThat(spool).doesNotExist();
      assertThat(value(cluster, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }
  }

  private BackupWalStream open(EmbeddedCluster cluster) {
    return open(
        cluster,
        SystemIdentifier.parse(
            value(cluster, "SELECT system_identifier FROM pg_control_system()")));
  }

  private BackupWalStream open(EmbeddedCluster cluster, SystemIdentifier expected) {
    return BackupWalStream.open(
        connection(cluster), archive, spool, expected, SEGMENT_SIZE, EventSink.NONE);
  }
}
