package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RunningRestore;
import io.github.barman4j.restore.TargetTimeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class RestoreAcrossTimelinesIT {
  @TempDir
  Path repository;

  private static void assertHolds(RecordedServer server, RestoreRequest request, String moment) {
    try (EmbeddedCluster restored = server.restored(request)) {
      restored.start();
      assertThat(RecordedServer.tables(restored)
              .differencesFrom(server.moment(moment).tables()))
          .isEmpty();
    }
  }

  @Test
  void goesOnFromARestoredServerAndBackToEitherLine() {
    try (EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.newest()).start();
        RecordedServer first = new RecordedServer(cluster, repository)) {
      first
          .execute("create table t as select i from generate_series(1, 20000) i")
          .backup("on timeline 1")
          .step("fork", "insert into t values (20001)")
          .destroy();
      RestoreRequest request = first.request().build();
      first.engine().restore(request);
      try (EmbeddedCluster promoted = first.restored(request)) {
        promoted.start();
        try (RecordedServer second = new RecordedServer(promoted, repository)) {
          second
              .step("after", "insert into t select i from generate_series(30000, 60000) i")
              .step("end", "delete from t where i < 100")
              .destroy();

          RestorePlan plan = second.engine().planRestore(second.request().build());
          assertThat(plan.timeline()).isEqualTo(new Timeline(2));
          assertThat(plan.wal())
              .extracting(piece -> piece.segment().timeline().id())
              .startsWith(1)
              .endsWith(2);
          RestoreRequest latest = second.request().build();
          second.engine().restore(latest);
          assertHolds(second, latest, "end");

          RestoreRequest toTransaction = second
              .request()
              .target(new RecoveryTarget.AtXid(second.moment("after").xid(), true))
              .build();
          second.engine().restore(toTransaction);
          assertHolds(second, toTransaction, "after");

          RestoreRequest oldLine = first
              .request()
              .timeline(new TargetTimeline.Exactly(new Timeline(1)))
              .build();
          first.engine().restore(oldLine);
          assertHolds(first, oldLine, "fork");
          try (EmbeddedCluster again = first.restored(oldLine)) {
            again.start();
            assertThat(again.query(
                    RecordedServer.DATABASE, "select timeline_id from pg_control_checkpoint()"))
                .as("number 2 is taken")
                .containsExactly("3");
          }
        }
      }
    }
  }

  @Test
  void startsWhileTheWalIsStillComing() {
    try (EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.newest()).start();
        RecordedServer server = new RecordedServer(cluster, repository)) {
      server
          .execute("create table t (i int, t text)")
          .backup("only")
          .execute(
              "insert into t select i, repeat(md5(i::text), 10) from generate_series(1, 100000) i")
          .step("end", "insert into t values (0)")
          .destroy();
      RestoreRequest request = server.request().build();
      RestorePlan plan = server.engine().planRestore(request);
      assertThat(plan.wal()).hasSizeGreaterThan(20);
      try (RunningRestore running = server.engine().startRestore(plan, request);
          EmbeddedCluster restored = server.restored(request)) {
        restored.start();
        assertThat(RecordedServer.tables(restored)
                .differencesFrom(server.moment("end").tables()))
            .isEmpty();
        assertThat(running.join().wal().count()).isEqualTo(plan.wal().size());
      }
    }
  }

  @Test
  void namesThePointBeforeAGapAndReachesIt() throws IOException {
    try (EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.oldest()).start();
        RecordedServer server = new RecordedServer(cluster, repository)) {
      server.execute("create table t (i int)").backup("only");
      for (int i = 1; i <= 4; i++) {
        server.step("step " + i, "insert into t values (" + i + ")");
        server.execute("select pg_switch_wal()");
      }
      server.destroy();
      String lost = missing(server, 3);
      RestoreRequest latest = server.request().build();

      BarmanException[] refusal = new BarmanException[1];
      assertThatThrownBy(() -> server.engine().restore(latest))
          .isInstanceOfSatisfying(BarmanException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.WAL_GAP);
            assertThat(e.problem()).contains(lost);
            refusal[0] = e;
          });
      assertThat(latest.directory()).isEmptyDirectory();

      Matcher named = Pattern.compile("barman.targetLsn=(\\S+)").matcher(refusal[0].hint());
      assertThat(named.find()).isTrue();
      RestoreRequest before = server
          .request()
          .target(new RecoveryTarget.AtLsn(Lsn.parse(named.group(1)), true))
          .build();
      server.engine().restore(before);
      assertHolds(server, before, "step 2");
    }
  }

  /** Deletes the segment in which a step's transaction ended; returns its name. */
  private String missing(RecordedServer server, int step) throws IOException {
    RestorePlan plan = server
        .engine()
        .planRestore(server
            .request()
            .target(new RecoveryTarget.AtXid(server.moment("step " + step).xid(), true))
            .build());
    String name = plan.wal().get(plan.wal().size() - 1).segment().name();
    try (Stream<Path> all = Files.walk(repository.resolve("main/wal"))) {
      List<Path> found =
          all.filter(path -> path.getFileName().toString().equals(name)).toList();
      assertThat(found).hasSize(1);
      Files.delete(found.get(0));
    }
    return name;
  }
}
