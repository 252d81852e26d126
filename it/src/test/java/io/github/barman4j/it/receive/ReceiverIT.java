package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SEGMENT_SIZE;
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
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.receive.ReceiverStatus;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalSearch;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
        Ledger ledger = newLoad(cluster)) {
      Lsn begin = lsn(cluster, "pg_current_wal_lsn()");
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        makeSynchronous(cluster, Archives.SLOT);
        load(cluster, ledger, 500);
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        load(cluster, ledger, 1000);
        assertThat(value(cluster, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("sync");
        await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
        running.stop();
        ReceiverStatus status = running.receiver().status();
        assertThat(status.streaming()).isFalse();
        assertThat(status.flushed()).isEqualTo(status.written());
      }
      assertHasAllAcknowledged(ledger, begin);
      assertEqualToServer(archive, spool, cluster, folder);
      assertThat(value(cluster, "SELECT active FROM pg_replication_slots")).isEqualTo("f");
    }
  }

  @Test
  void goesOnWhereItWasStopped() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start();
        Ledger ledger = newLoad(cluster)) {
      for (int run = 0; run < 4; run++) {
        try (RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
          load(cluster, ledger, 200);
          Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
          await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
          running.stop();
          assertThat(running.warnings()).isEmpty();
        }
        load(cluster, ledger, 100);
      }
      assertEqualToServer(archive, spool, cluster, folder);
    }
  }

  @Test
  void reconnectsWhenTheServerIsRestarted() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        Ledger ledger = newLoad(cluster);
        RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      load(cluster, ledger, 200);
      cluster.stop(StopMode.FAST);
      cluster.start();
      load(cluster, ledger, 200);
      cluster.kill();
      cluster.start();
      load(cluster, ledger, 200);
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
        Ledger ledger = newLoad(cluster);
        RunningReceiver running =
            RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      load(cluster, ledger, 200);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      load(cluster, ledger, 200);
      cluster.stop(StopMode.FAST);
      Files.createFile(cluster.dataDirectory().resolve("standby.signal"));
      cluster.launch();
      cluster.awaitReadOnly();
      running.awaitStreaming();
      cluster.execute("postgres", "SELECT pg_promote()");
      load(cluster, ledger, 200);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
      await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
      running.stop();

      assertThat(running.receiver().status().timeline()).contains(new Timeline(2));
      assertThat(archive.history(new Timeline(2))).isPresent();
      TimelineHistory history = archive.historyOf(new Timeline(2));
      assertHasAllAcknowledged(ledger, history, archive.segments().get(0).start());
      assertThat(archive.segments())
          .extracting(segment -> segment.timeline().id())
          .contains(1, 2);
      assertEqualToServer(archive, spool, cluster, folder);
      assertThat(running.warnings()).allMatch(text -> text.contains("interrupted"));
    }
  }

  private void assertHasAllAcknowledged(Ledger ledger, Lsn begin) {
    assertHasAllAcknowledged(ledger, TimelineHistory.root(Timeline.FIRST), begin);
  }

  private void assertHasAllAcknowledged(Ledger ledger, TimelineHistory history, Lsn begin) {
    WalSearch search = WalSearch.along(
        archive, history, begin, PartialSegment.in(spool, SEGMENT_SIZE), SEGMENT_SIZE);
    List<Long> acknowledged = ledger.entries().stream()
        .filter(entry -> entry.outcome() == Outcome.ACKED)
        .map(LedgerEntry::xid)
        .toList();
    assertThat(acknowledged)
        .isNotEmpty()
        .allMatch(xid ->
            search.transaction(xid).map(WalSearch.TransactionStop::committed).orElse(false));
  }

  private Ledger newLoad(EmbeddedCluster cluster) throws SQLException {
    try (Connection connection = cluster.connect("postgres")) {
      LoadTable.create(connection);
    }
    return Ledger.create(folder.resolve("ledger"));
  }

  private static void load(EmbeddedCluster cluster, Ledger ledger, int commits) {
    int enough = ledger.acknowledged() + commits;
    try (Workload load = Workload.start(() -> cluster.connect("postgres"), ledger, 4, 42)) {
      await().atMost(PATIENCE).until(() -> {
        load.requireAlive();
        return ledger.acknowledged() >= enough;
      });
      load.stop(Duration.ofSeconds(10));
    }
  }
}
