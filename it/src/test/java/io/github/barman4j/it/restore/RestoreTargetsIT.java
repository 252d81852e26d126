package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.restore.TargetAction;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every target, on the oldest and the newest server: the tables are what they were at that moment. The server was killed and its data
 * deleted; part of its WAL is in the archive, the rest in a segment that had only begun.
 */
@Timeout(180)
class RestoreTargetsIT {
  private static final Map<Integer, RecordedServer> SERVERS = new HashMap<>();

  @TempDir
  static Path repositories;

  static IntStream majors() {
    return TestPostgres.ends();
  }

  @BeforeAll
  static void recordServers() {
    majors().forEach(major -> SERVERS.put(major, record(major)));
  }

  private static RecordedServer record(int major) {
    EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.major(major)).start();
    RecordedServer server =
        new RecordedServer(cluster, repositories.resolve(Integer.toString(major)));
    SERVERS.put(major, server);
    return server
        .execute(
            "create table filler as select i, repeat(md5(i::text), 4) t from generate_series(1, 20000) i",
            "create table notes (id int primary key, note text)",
            "insert into notes values (0, 'before the first backup')")
        .backup("first")
        .step("one", "insert into notes values (1, 'one')")
        .execute("select pg_create_restore_point('after one')")
        .step("two", "drop table filler")
        .step(
            "three", "create table big as select i, md5(i::text) from generate_series(1, 50000) i")
        .execute("select pg_switch_wal()")
        .step("four", "update notes set note = note || ' changed'")
        .backup("second")
        .step("five", "insert into notes select i, 'five' from generate_series(5, 500) i")
        .step("six", "delete from notes where id > 100")
        .destroy();
  }

  @AfterAll
  static void closeServers() {
    SERVERS.values().forEach(RecordedServer::close);
  }

  private static RecordedServer server(int major) {
    return Objects.requireNonNull(SERVERS.get(major));
  }

  /** Restores, starts and compares. */
  private static void assertRestores(
      RecordedServer server, RestoreRequest request, String backup, TableHashes expected) {
    RestorePlan plan = server.engine().planRestore(request);
    assertThat(plan.backup().name()).contains(backup);
    RestoreResult result = server.engine().restore(request);
    assertThat(result.base().count()).isGreaterThan(900);
    assertThat(result.wal().count()).isEqualTo(plan.wal().size());
    try (EmbeddedCluster restored = server.restored(request)) {
      restored.start();
      assertThat(RecordedServer.tables(restored).differencesFrom(expected)).isEmpty();
      assertThat(restored.show("archive_mode")).isEqualTo("off");
      restored.execute(RecordedServer.DATABASE, "create table writable (i int)");
      assertThat(request.directory().resolve("barman_wal/wal")).doesNotExist();
      assertThat(request.directory().resolve("tablespace_map")).doesNotExist();
      assertThat(request.directory().resolve("barman_restore_unfinished")).doesNotExist();
    }
  }

  private static void assertRestoresTo(
      int major, Function<RecordedServer, RecoveryTarget> target, String backup, String moment) {
    RecordedServer server = server(major);
    assertRestores(
        server,
        server.request().target(target.apply(server)).build(),
        backup,
        server.moment(moment).tables());
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresTheLatestWithTheSegmentThatHadOnlyBegun(int major) {
    RecordedServer server = server(major);
    RestoreRequest request = server.request().build();
    assertThat(server.engine().planRestore(request).usesPartialTail()).isTrue();

    assertRestores(server, request, "second", server.moment("six").tables());
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresTheLatestFromAnEarlierBackup(int major) {
    RecordedServer server = server(major);

    assertRestores(
        server,
        server.request().backup("first").build(),
        "first",
        server.moment("six").tables());
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresToATransaction(int major) {
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtXid(s.moment("one").xid(), true), "first", "one");
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtXid(s.moment("two").xid(), false), "first", "one");
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresToAPosition(int major) {
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtLsn(s.moment("one").lsn(), false), "first", "one");
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtLsn(s.moment("five").lsn(), true), "second", "five");
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresToATime(int major) {
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtTime(s.moment("one").time(), true), "first", "one");
    assertRestoresTo(
        major, s -> new RecoveryTarget.AtTime(s.moment("five").time(), false), "second", "five");
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresToARestorePoint(int major) {
    assertRestoresTo(major, s -> new RecoveryTarget.AtName("after one"), "first", "one");
  }

  @ParameterizedTest
  @MethodSource("majors")
  void restoresTheEndOfTheBackup(int major) {
    assertRestoresTo(major, s -> new RecoveryTarget.Immediate(), "second", "four");
  }

  @ParameterizedTest
  @MethodSource("majors")
  void pausesAtTheTarget(int major) {
    RecordedServer server = server(major);
    RestoreRequest request = server
        .request()
        .target(new RecoveryTarget.AtXid(server.moment("one").xid(), true))
        .action(TargetAction.PAUSE)
        .build();
    server.engine().restore(request);
    try (EmbeddedCluster restored = server.restored(request)) {
      restored.launch();
      restored.awaitReadOnly();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> restored
              .query(RecordedServer.DATABASE, "select pg_get_wal_replay_pause_state()")
              .contains("paused"));
      assertThat(RecordedServer.tables(restored)
              .differencesFrom(server.moment("one").tables()))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("majors")
  void refusesBeforeTheFirstByteWhatCannotBeReached(int major) {
    RecordedServer server = server(major);
    Lsn end = server.moment("six").lsn();
    List<RecoveryTarget> unreachable = List.of(
        new RecoveryTarget.AtTime(server.moment("six").time(), true),
        new RecoveryTarget.AtLsn(end.plus(1 << 20), true),
        new RecoveryTarget.AtXid(server.moment("six").xid() + 1000, true),
        new RecoveryTarget.AtName("never made"));
    for (RecoveryTarget target : unreachable) {
      RestoreRequest request = server.request().target(target).build();
      assertThatThrownBy(() -> server.engine().restore(request))
          .as(target.describe())
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE));
      assertThat(request.directory()).isEmptyDirectory();
    }
    RestoreRequest early = server
        .request()
        .target(new RecoveryTarget.AtTime(server.moment("one").time().minusSeconds(3600), true))
        .build();
    assertThatThrownBy(() -> server.engine().restore(early))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP));
    assertThat(Files.exists(early.directory().resolve("PG_VERSION"))).isFalse();
  }
}
