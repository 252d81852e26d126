package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Segments of 64 MB; those of 1 MB are what most other tests have, and of 16 MB the drills. */
@Timeout(180)
class LargeSegmentsIT {
  @TempDir
  Path repository;

  @Test
  void bringBackTheLastCommitOfAKilledServer() {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.newest())
            .initdbOption("--wal-segsize=64")
            .setting("wal_init_zero", "off")
            .start();
        RecordedServer server = new RecordedServer(cluster, repository)) {
      server
          .execute("create table t as select i from generate_series(1, 1000) i")
          .backup("only")
          .step("whole", "insert into t select i from generate_series(2000, 20000) i")
          .execute("select pg_switch_wal()")
          .step("partial", "insert into t values (0)")
          .destroy();
      RestoreRequest request = server.request().build();
      RestorePlan plan = server.engine().planRestore(request);
      assertThat(plan.wal())
          .hasSizeGreaterThanOrEqualTo(2)
          .allSatisfy(piece -> assertThat(piece.segment().size().bytes()).isEqualTo(64 << 20));

      server.engine().restore(request);

      try (EmbeddedCluster restored = server.restored(request)) {
        restored.start();
        assertThat(RecordedServer.tables(restored)
                .differencesFrom(server.moment("partial").tables()))
            .isEmpty();
      }
    }
  }
}
