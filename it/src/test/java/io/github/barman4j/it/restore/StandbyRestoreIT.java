package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A standby from the repository: it streams from its primary, follows it, and can be promoted when that is gone. */
@Timeout(120)
class StandbyRestoreIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path repository;

  private static String ask(EmbeddedCluster server, String query) {
    return String.join("", server.query(RecordedServer.DATABASE, query));
  }

  @Test
  void streamsFollowsAndIsPromoted() throws IOException {
    try (EmbeddedCluster primary = RecordedServer.builder(TestPostgres.newest()).start();
        RecordedServer server = new RecordedServer(primary, repository)) {
      server
          .execute("create table t as select i from generate_series(1, 1000) i")
          .backup("only")
          .execute("insert into t values (1001)", "select pg_switch_wal()");
      Path passfile = primary.newFolder("secrets").resolve("pgpass");
      Files.createFile(
          passfile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passfile, "*:*:*:*:" + primary.password().reveal() + "\n");
      RestoreRequest request = server
          .request()
          .standby(true)
          .primaryConninfo("host=127.0.0.1 port=" + primary.port() + " user=" + primary.user()
              + " passfile='" + passfile + "'")
          .build();
      server.engine().restore(request);

      try (EmbeddedCluster standby = server.restored(request)) {
        standby.launch();
        standby.awaitReadOnly();
        await()
            .atMost(PATIENCE)
            .until(
                () -> ask(standby, "select status from pg_stat_wal_receiver").equals("streaming"));
        server.execute("insert into t values (1002)", "create table later (i int)");
        await()
            .atMost(PATIENCE)
            .until(() -> ask(standby, "select to_regclass('later') is not null").equals("t"));
        assertThat(ask(standby, "select max(i) from t")).isEqualTo("1002");
        assertThat(ask(standby, "select pg_is_in_recovery()")).isEqualTo("t");
        assertThat(Files.readString(request.directory().resolve("postgresql.auto.conf")))
            .doesNotContain(primary.password().reveal());

        primary.kill();
        standby.execute(RecordedServer.DATABASE, "select pg_promote()");
        standby.execute(RecordedServer.DATABASE, "insert into t values (2000)");
        assertThat(ask(standby, "select timeline_id from pg_control_checkpoint()"))
            .isIn("1", "2");
        assertThat(ask(standby, "select substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)"))
            .isEqualTo("00000002");
        assertThat(ask(standby, "select count(*) from t")).isEqualTo("1003");
      }
    }
  }
}
