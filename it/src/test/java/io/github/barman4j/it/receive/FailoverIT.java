package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
import static io.github.barman4j.it.receive.Archives.assertEqualToServer;
import static io.github.barman4j.it.receive.Archives.lsn;
import static io.github.barman4j.it.receive.Archives.makeSynchronous;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.workload.LoadTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver whose primary dies and is replaced by a standby that had less, by several in a row, or by two at once. */
class FailoverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Timeline SECOND = new Timeline(2);

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
  void keepsWhatTheNewPrimaryNeverHadAndGoesOnAtTheFork() throws SQLException, IOException {
    try (EmbeddedCluster old = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(old, folder)) {
      old.stop(StopMode.FAST);
      try (EmbeddedCluster standby = standby(old, "standby")) {
        old.start();
        try (RunningReceiver running =
            RunningReceiver.startAndAwait(receiveFromThePrimaryOf(old, standby), archive)) {
          makeSynchronous(old, SLOT);
          commits.run(100);
          // Three segments more: behind them the new primary is for long.
          old.execute(
              "postgres", "SELECT pg_logical_emit_message(false, 'x', repeat('x', 3000000))");
          commits.run(100);
          await().atMost(PATIENCE).until(() -> archive.segments().size() >= 3);
          old.kill();
          standby.execute("postgres", "SELECT pg_promote()");
          await()
              .atMost(PATIENCE)
              .until(() ->
                  running.receiver().status().timeline().filter(SECOND::equals).isPresent()
                      && running.receiver().status().streaming());
          Lsn fork = archive.historyOf(SECOND).endOf(Timeline.FIRST).orElseThrow();
          assertThat(running.warnings())
              .anySatisfy(text -> assertThat(text)
                  .contains("more of timeline 1 was received", "left it at " + fork));
          standby.execute("postgres", "DROP TABLE " + LoadTable.NAME);
          makeSynchronous(standby, SLOT);
          try (Commits after = Commits.in(standby, Files.createDirectory(folder.resolve("new")))) {
            after.run(100);
            assertThat(running.receiver().flushed())
                .as("what the old primary acknowledged counts for nothing here")
                .isLessThan(fork.plus(3_000_000));
            standby.execute("postgres", "SELECT pg_switch_wal()");
            Lsn end = lsn(standby, "pg_current_wal_flush_lsn()");
            await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
            running.stop();
            after.assertAllReceived(archive, spool);
          }
          commits.assertAllReceived(archive, spool);
          assertHoldsBothLines(old, standby, fork);
        }
        try (RunningReceiver again =
            RunningReceiver.startAndAwait(receiveFromThePrimaryOf(old, standby), archive)) {
          again.stop();
        }
        assertThat(divergent()).hasSize(1);
      }
    }
  }

  private void assertHoldsBothLines(EmbeddedCluster old, EmbeddedCluster promoted, Lsn fork)
      throws IOException {
    for (WalSegment segment : archive.segments()) {
      EmbeddedCluster writer = segment.timeline().equals(Timeline.FIRST) ? old : promoted;
      Path fetched = folder.resolve(segment.name());
      archive.fetch(segment, fetched);
      assertThat(fetched)
          .hasSameBinaryContentAs(writer.dataDirectory().resolve("pg_wal/" + segment.name()));
    }
    WalSegment first = WalSegment.containing(SECOND, fork, Archives.SEGMENT_SIZE);
    assertThat(archive.segments()).contains(first);
    assertThat(archive.coverage().of(SECOND)).hasSize(1);
    assertThat(archive.quarantined()).isEmpty();
    assertThat(archive.gaps()).isEmpty();
    PartialSegment tail = divergent().get(0);
    byte[] kept = Files.readAllBytes(tail.file());
    byte[] written = Files.readAllBytes(
        old.dataDirectory().resolve("pg_wal/" + tail.segment().name()));
    int length = kept.length;
    while (length > 0 && kept[length - 1] == 0) {
      length--;
    }
    assertThat(Arrays.copyOf(kept, length)).isEqualTo(Arrays.copyOf(written, length));
    assertThat(tail.segment().start().plus(length)).isGreaterThan(fork);
  }

  private List<PartialSegment> divergent() {
    return PartialSegment.in(spool, Archives.SEGMENT_SIZE).stream()
        .filter(PartialSegment::divergent)
        .toList();
  }

  /** It streams from the standby while that is promoted; a commit there may not wait until its log is as long as the old one's. */
  @Test
  void acknowledgesTheNewLogAlthoughItIsShorterThanTheOldOne()
      throws SQLException, IOException, InterruptedException {
    try (EmbeddedCluster old = server(TestPostgres.newest()).start()) {
      old.execute("postgres", "CREATE TABLE t (i int)", "SELECT pg_switch_wal()");
      old.stop(StopMode.FAST);
      try (EmbeddedCluster standby = standby(old, "standby")) {
        old.start();
        String url = "jdbc:postgresql://127.0.0.1:" + old.port() + ",127.0.0.1:" + standby.port()
            + "/postgres";
        ReceiveSettings settings =
            ReceiveSettings.of(ConnectionSettings.of(url, old.user(), old.password()), SLOT, spool);
        try (RunningReceiver running = RunningReceiver.startAndAwait(settings, archive)) {
          old.execute("postgres", "SELECT pg_logical_emit_message(true, 'x', repeat('x', 600000))");
          Lsn end = lsn(old, "pg_current_wal_flush_lsn()");
          await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
          old.kill();
          await()
              .atMost(PATIENCE)
              .until(() -> Archives.value(standby, "SELECT state FROM pg_stat_replication")
                  .equals("streaming"));

          standby.execute("postgres", "SELECT pg_promote()");
          makeSynchronous(standby, SLOT);
          Thread commit = new Thread(() -> standby.execute("postgres", "INSERT INTO t VALUES (1)"));
          commit.start();
          commit.join(20_000);
          assertThat(commit.isAlive()).as("the commit waits").isFalse();

          assertThat(running.receiver().status().timeline()).contains(SECOND);
          Lsn fork = archive.historyOf(SECOND).endOf(Timeline.FIRST).orElseThrow();
          assertThat(running.receiver().flushed()).isGreaterThan(fork).isLessThan(end);
          running.stop();
        }
        assertThat(divergent()).hasSize(1);
      }
    }
  }

  @Test
  void followsSeveralPromotionsThatHappenedWhileItWasAway() throws SQLException, IOException {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start();
        Commits commits = Commits.in(cluster, folder)) {
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        commits.run(50);
        running.stop();
      }
      for (int timeline = 2; timeline <= 3; timeline++) {
        promoteAgain(cluster);
        commits.run(50);
        cluster.execute(
            "postgres", "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1500000))");
      }
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        promoteAgain(cluster);
        commits.run(50);
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        Lsn end = lsn(cluster, "pg_current_wal_flush_lsn()");
        await().atMost(PATIENCE).until(() -> !running.receiver().flushed().isBefore(end));
        running.stop();
        assertThat(running.receiver().status().timeline()).contains(new Timeline(4));
        assertThat(running.warnings()).allMatch(text -> text.contains("interrupted"));
      }
      assertThat(archive.histories())
          .extracting(history -> history.timeline().id())
          .containsExactly(2, 3, 4);
      for (int timeline = 2; timeline <= 4; timeline++) {
        String name = "0000000" + timeline + ".history";
        assertThat(archive.history(new Timeline(timeline)))
            .contains(Files.readAllBytes(cluster.dataDirectory().resolve("pg_wal/" + name)));
      }
      assertThat(archive.segments().stream()
              .map(segment -> segment.timeline().id())
              .collect(Collectors.toSet()))
          .contains(1, 2, 3, 4);
      commits.assertAllReceived(archive, spool);
      assertEqualToServer(archive, spool, cluster, folder);
      Lsn begin = archive.segments().get(0).start();
      assertThat(archive
              .coverage()
              .follow(archive.historyOf(new Timeline(4)), begin, Archives.SEGMENT_SIZE)
              .gap())
          .isEmpty();
    }
  }

  @Test
  void refusesTheSecondServerThatWasPromotedToTheSameTimeline() throws SQLException, IOException {
    try (EmbeddedCluster old = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(old, folder)) {
      commits.run(20);
      old.stop(StopMode.FAST);
      try (EmbeddedCluster right = standby(old, "right")) {
        old.start();
        commits.run(50);
        old.stop(StopMode.FAST);
        try (EmbeddedCluster wrong = standby(old, "wrong")) {
          right.execute("postgres", "SELECT pg_promote()");
          wrong.execute("postgres", "SELECT pg_promote()");
          try (RunningReceiver running =
              RunningReceiver.startAndAwait(settings(right, spool), archive)) {
            right.execute("postgres", "CREATE TABLE kept AS SELECT 1", "SELECT pg_switch_wal()");
            await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
            running.stop();
          }
          byte[] history = archive.history(SECOND).orElseThrow();
          wrong.execute("postgres", "CREATE TABLE other AS SELECT 1", "SELECT pg_switch_wal()");

          try (RunningReceiver running = RunningReceiver.start(settings(wrong, spool), archive)) {
            assertThat(running.awaitFailure())
                .isInstanceOfSatisfying(
                    BarmanException.class,
                    e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_DIFFERS))
                .hasMessageContaining("the history of timeline 2");
          }

          assertThat(archive.quarantined()).singleElement().asString().contains("00000002.history");
          assertThat(archive.history(SECOND)).contains(history);
          assertThat(archive.segments())
              .allSatisfy(segment -> assertThat(archive.open(segment))
                  .hasSameContentAs(Files.newInputStream(
                      right.dataDirectory().resolve("pg_wal/" + segment.name()))));
        }
      }
    }
  }

  /** Both hosts, of which the primary is wanted, whichever that is. */
  private ReceiveSettings receiveFromThePrimaryOf(EmbeddedCluster one, EmbeddedCluster other) {
    String url = "jdbc:postgresql://127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port()
        + "/postgres?targetServerType=primary";
    return ReceiveSettings.of(ConnectionSettings.of(url, one.user(), one.password()), SLOT, spool);
  }

  /** A running standby on a copy of a stopped server's directory, which streams from nowhere. */
  private EmbeddedCluster standby(EmbeddedCluster stopped, String name) throws IOException {
    Path copied = folder.resolve(name);
    try (Stream<Path> files = Files.walk(stopped.dataDirectory())) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            copied.resolve(stopped.dataDirectory().relativize(file).toString()),
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    Files.createFile(copied.resolve("standby.signal"));
    EmbeddedCluster standby = EmbeddedCluster.builder(TestPostgres.newest())
        .existing(copied)
        .password(stopped.password())
        .create();
    standby.launch();
    standby.awaitReadOnly();
    return standby;
  }

  private static void promoteAgain(EmbeddedCluster cluster) throws IOException {
    cluster.stop(StopMode.FAST);
    Files.createFile(cluster.dataDirectory().resolve("standby.signal"));
    cluster.launch();
    cluster.awaitReadOnly();
    cluster.execute("postgres", "SELECT pg_promote()");
  }
}
