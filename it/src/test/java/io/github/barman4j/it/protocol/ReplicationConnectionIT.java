package io.github.barman4j.it.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.SystemIdentity;
import io.github.barman4j.protocol.WalMessage;
import io.github.barman4j.protocol.WalStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "PostgreSQL {0}")
@MethodSource("majors")
@Timeout(120)
class ReplicationConnectionIT {
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final WalSegmentSize SEGMENT = new WalSegmentSize(1 << 20);

  private static EmbeddedCluster cluster;

  @Parameter
  int major;

  private ReplicationConnection connection;
  private Timeline now;

  static IntStream majors() {
    return TestPostgres.majors();
  }

  @BeforeParameterizedClassInvocation
  static void create(int major) {
    cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .initdbOption("--wal-segsize=1")
        .setting("autovacuum", "off")
        .start();
  }

  @AfterParameterizedClassInvocation
  static void remove() {
    cluster.close();
  }

  @BeforeEach
  void connect() {
    if (!cluster.isRunning()) {
      cluster.start();
    }
    connection = connect("barman_test");
    now = connection.identifySystem().timeline();
  }

  @AfterEach
  void disconnect() {
    connection.close();
  }

  private ReplicationConnection connect(String applicationName) {
    return ReplicationConnection.open(settings(), applicationName, Duration.ofSeconds(10));
  }

  private ConnectionSettings settings() {
    return ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
  }

  private String ask(String query) throws SQLException {
    try (Connection sql = cluster.connect("postgres");
        ResultSet rows = sql.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void identifiesTheSystemAndItsSettings() throws SQLException {
    SystemIdentity identity = connection.identifySystem();
    assertThat(identity.systemIdentifier())
        .hasToString(ask("select system_identifier from pg_control_system()"));
    assertThat(identity.flushed())
        .isLessThanOrEqualTo(Lsn.parse(ask("select pg_current_wal_flush_lsn()")));
    assertThat(connection.show("wal_segment_size")).isEqualTo("1MB");
    assertThat(connection.serverVersion().major()).isEqualTo(major);
    assertThat(connection.isStandby()).isFalse();
    assertThat(connection.isLocal()).isTrue();
    assertThat(ask("select count(*) from pg_stat_activity where application_name = 'barman_test'"))
        .isEqualTo("1");
    assertFails(ErrorCode.SERVER_ERROR, () -> connection.show("no_such_setting"));
    assertThat(connection.show("port")).isEqualTo(Integer.toString(cluster.port()));
  }

  @Test
  void makesReadsAndDropsSlots() throws SQLException {
    assertThat(connection.readSlot("a")).isEmpty();
    connection.createSlot("a", false, false);
    assertThat(connection.readSlot("a").orElseThrow().restartLsn()).isEmpty();
    assertFails(ErrorCode.SLOT_EXISTS, () -> connection.createSlot("a", false, true));
    connection.dropSlot("a", false);
    assertFails(ErrorCode.SLOT_MISSING, () -> connection.dropSlot("a", false));
    connection.createSlot("a", true, true);
    assertThat(connection.readSlot("a").orElseThrow().restartTimeline())
        .isEqualTo(Optional.of(now));
    connection.close();
    await()
        .untilAsserted(
            () -> assertThat(ask("select count(*) from pg_replication_slots")).isEqualTo("0"));
  }

  @Test
  void saysThatASlotIsInUseAndThatOneIsMissing() {
    connection.createSlot("a", false, true);
    Lsn start = connection.identifySystem().flushed();
    try (WalStream stream = connection.startReplication("a", start, now);
        ReplicationConnection other = connect("other")) {
      stream.poll(SHORT);
      assertFails(ErrorCode.SLOT_IN_USE, () -> other.startReplication("a", start, now));
      assertFails(ErrorCode.SLOT_IN_USE, () -> other.dropSlot("a", false));
      assertFails(ErrorCode.SLOT_MISSING, () -> other.startReplication("b", start, now));
    }
    connection.dropSlot("a", false);
  }

  @Test
  void streamsTheBytesThatTheServerHas() throws Exception {
    Lsn flushed = connection.identifySystem().flushed();
    WalSegment segment = WalSegment.containing(now, flushed, SEGMENT);
    cluster.execute(
        "postgres", "create table w as select * from generate_series(1, 50000)", "drop table w");
    byte[] streamed;
    try (WalStream stream = connection.startReplication(null, segment.start(), now)) {
      streamed = read(stream, segment.end());
    }
    byte[] file =
        Files.readAllBytes(cluster.dataDirectory().resolve("pg_wal").resolve(segment.name()));
    assertThat(Arrays.equals(Arrays.copyOf(streamed, file.length), file)).isTrue();
    assertThat(connection.identifySystem().timeline()).isEqualTo(now);
  }

  private static byte[] read(WalStream stream, Lsn end) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Lsn expected = null;
    while (expected == null || expected.isBefore(end)) {
      if (stream.poll(SHORT) instanceof WalMessage.WalData data) {
        assertThat(data.start()).isEqualTo(expected == null ? data.start() : expected);
        expected = data.end();
        out.write(data.data().array(), data.data().arrayOffset(), data.data().remaining());
      }
    }
    return out.toByteArray();
  }

  @Test
  void isASynchronousStandbyThatCountsOnlyWhatItReportsAsFlushed() {
    cluster.execute(
        "postgres",
        "create table s (n int)",
        "alter system set synchronous_standby_names = 'barman_test'",
        "select pg_reload_conf()");
    Lsn start = connection.identifySystem().flushed();
    WalStream stream = connection.startReplication(null, start, now);
    stream.status(start, start, start, false);
    CompletableFuture<Void> commit =
        CompletableFuture.runAsync(() -> cluster.execute("postgres", "insert into s values (1)"));
    Lsn[] seen = {start};
    await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(() -> {
      if (stream.poll(SHORT) instanceof WalMessage.WalData data) {
        seen[0] = data.end();
        stream.status(seen[0], start, start, false);
      }
      return seen[0].isAfter(start)
          && ask("select count(*) from pg_stat_activity where wait_event = 'SyncRep'")
              .equals("1");
    });
    assertThat(commit).isNotDone();
    await().pollInSameThread().atMost(Duration.ofSeconds(20)).until(() -> {
      if (stream.poll(SHORT) instanceof WalMessage.WalData data) {
        seen[0] = data.end();
      }
      stream.status(seen[0], seen[0], Lsn.INVALID, false);
      return commit.isDone();
    });
    assertThat(commit).isCompleted();
    stream.close();
    cluster.execute(
        "postgres",
        "alter system reset synchronous_standby_names",
        "select pg_reload_conf()",
        "drop table s");
  }

  @Test
  void followsAPromotionToTheNextTimeline() throws Exception {
    connection.createSlot("kept", false, true);
    Lsn before = connection.readSlot("kept").orElseThrow().restartLsn().orElseThrow();
    WalSegment segment = WalSegment.containing(now, before, SEGMENT);
    connection.close();
    cluster.execute("postgres", "create table p as select 1 as n");
    promote();
    connection = connect("barman_test");
    Timeline second = connection.identifySystem().timeline();
    assertThat(second.id()).isGreaterThan(now.id());

    TimelineHistory history = TimelineHistory.parse(
        second, new String(connection.timelineHistory(second), StandardCharsets.UTF_8));
    Lsn fork = history.endOf(now).orElseThrow();
    WalStream stream = connection.startReplication("kept", segment.start(), now);
    WalMessage message = null;
    Lsn end = segment.start();
    while (!(message instanceof WalMessage.EndOfTimeline)) {
      message = stream.poll(SHORT);
      if (message instanceof WalMessage.WalData data) {
        end = data.end();
      }
    }
    assertThat(message).isEqualTo(new WalMessage.EndOfTimeline(second, fork));
    assertThat(end).isEqualTo(fork);

    stream = connection.startReplication("kept", fork, now);
    assertThat(stream.poll(SHORT)).isEqualTo(new WalMessage.EndOfTimeline(second, fork));
    stream = connection.startReplication("kept", fork, second);
    assertThat(stream.poll(Duration.ofSeconds(10))).isInstanceOf(WalMessage.WalData.class);
    stream.close();
    assertFails(
        ErrorCode.SERVER_ERROR,
        () -> connection.startReplication("kept", fork.plus(SEGMENT.bytes()), now));
    connection.dropSlot("kept", false);
  }

  private void promote() throws IOException {
    cluster.stop(StopMode.FAST);
    Path data = cluster.dataDirectory();
    Path signal = data.resolve("recovery.signal");
    Files.createFile(signal);
    Files.setOwner(signal, Files.getOwner(data));
    Files.writeString(
        data.resolve("postgresql.auto.conf"),
        "restore_command = 'false'\n",
        StandardOpenOption.APPEND);
    cluster.start();
  }

  @Test
  void saysThatWalIsGone() throws SQLException {
    Lsn start = WalSegment.containing(now, connection.identifySystem().flushed(), SEGMENT)
        .start();
    cluster.execute(
        "postgres",
        "alter system set min_wal_size = '2MB'",
        "alter system set max_wal_size = '2MB'",
        "select pg_reload_conf()");
    for (int i = 0; i < 5; i++) {
      cluster.execute(
          "postgres",
          "create table t" + i + " as select * from generate_series(1, 50000)",
          "select pg_switch_wal()",
          "checkpoint");
    }
    assertFails(ErrorCode.WAL_REMOVED, () -> {
      WalStream stream = connection.startReplication(null, start, now);
      while (true) {
        stream.poll(SHORT);
      }
    });
  }

  @Test
  void seesThatTheServerStops() {
    Lsn start = connection.identifySystem().flushed();
    WalStream stream = connection.startReplication(null, start, now);
    CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> cluster.stop(StopMode.FAST));
    await().pollInSameThread().atMost(Duration.ofSeconds(60)).until(() -> {
      WalMessage message = stream.poll(SHORT);
      if (message instanceof WalMessage.WalData data) {
        stream.status(data.end(), data.end(), data.end(), false);
      } else if (message instanceof WalMessage.Keepalive alive) {
        stream.status(alive.serverEnd(), alive.serverEnd(), alive.serverEnd(), false);
      }
      return message instanceof WalMessage.ServerStopped;
    });
    await().until(stopped::isDone);
    assertThat(connection.isUsable()).isFalse();
  }

  @Test
  void seesThatTheServerIsKilled() {
    Lsn start = connection.identifySystem().flushed();
    WalStream stream = connection.startReplication(null, start, now);
    cluster.kill();
    assertFails(ErrorCode.CONNECTION_LOST, () -> {
      while (true) {
        stream.poll(SHORT);
      }
    });
  }
}
