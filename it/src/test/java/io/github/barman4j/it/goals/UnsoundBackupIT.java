package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Backups that every byte came back of, and that are no good: the drill finds what is wrong inside. */
@Timeout(300)
class UnsoundBackupIT {
  @TempDir
  private Path folder;

  @Test
  void aBrokenIndexAndThenAPageThatNoChecksumGuards() throws Exception {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.oldest())
        .withoutDataChecksums()
        .setting("autovacuum", "off")
        .start()) {
      Engine engine = Production.engine(folder.resolve("repository"), server, "");
      // An index whose order is not that of its operator class any more.
      server.execute(
          "postgres",
          "CREATE FUNCTION compare(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($1, $2)'",
          "CREATE OPERATOR CLASS own FOR TYPE int USING btree AS OPERATOR 1 < (int, int),"
              + " OPERATOR 3 = (int, int), OPERATOR 5 > (int, int), FUNCTION 1 compare(int, int)",
          "CREATE TABLE numbers AS SELECT g FROM generate_series(1, 1000) g",
          "CREATE INDEX upside_down ON numbers (g own)",
          "CREATE OR REPLACE FUNCTION compare(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT btint4cmp($2, $1)'",
          "CREATE TABLE victim (t text)",
          "ALTER TABLE victim ALTER t SET STORAGE EXTERNAL",
          "INSERT INTO victim VALUES (repeat('long', 1000))");
      engine.backup(BackupRequest.defaults());

      assertThat(drill())
          .startsWith("BRM-704: R01 restore-existing-backup (main): check amcheck failed: "
              + "database postgres, index ")
          .contains("upside_down");
      assertThat(new ReportedDrill(folder).failedChecks()).containsExactly("amcheck");
      assertThat(new ReportedDrill(folder).reasons())
          .last()
          .asString()
          .contains("the bytes of the pages: this cluster has no page checksums");

      Path file = server
          .dataDirectory()
          .resolve(
              server.query("postgres", "SELECT pg_relation_filepath('victim')").get(0));
      server.stop(StopMode.FAST);
      try (RandomAccessFile victim = new RandomAccessFile(file.toFile(), "rw")) {
        // The only row lies at the end of the page; after its header come tag, two sizes, and the
        // id of the value in TOAST.
        victim.seek(8192 - 48 + 24 + 2 + 8);
        victim.write(new byte[] {1, 0, 0, 0x70});
      }
      server.start();
      server.execute("postgres", "DROP INDEX upside_down");
      engine.backup(BackupRequest.defaults());
      assertThat(drill()).startsWith("BRM-704: R01 restore-existing-backup (main): check ");
      assertThat(new ReportedDrill(folder).failedChecks()).containsExactly("full-read");
      assertThat(new ReportedDrill(folder).reasons().get(0))
          .startsWith("check full-read failed: database postgres, public.victim: ERROR: ")
          .contains("toast value 1879048193");
    }
  }

  @Test
  void noneAtAllAndOnlyDamagedOnes() throws Exception {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.oldest()).start()) {
      Engine engine = Production.engine(folder.resolve("repository"), server, "");
      try (RunningReceiver receiver =
          engine.startReceiver(new ReceiveRequest("barman", true, false))) {
        server.execute("postgres", "CREATE TABLE something AS SELECT 1", "SELECT pg_switch_wal()");
        Lsn end = Lsn.parse(
            server.query("postgres", "SELECT pg_current_wal_flush_lsn()").get(0));
        Awaitility.await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> !receiver.flushed().isBefore(end));
      }
      assertThat(drill()).startsWith("BRM-704: R01 restore-existing-backup (main): BRM-502: ");

      engine.backup(BackupRequest.defaults());
      Path pack;
      try (var files = Files.walk(folder.resolve("repository/main/packs"))) {
        pack = files.filter(Files::isRegularFile).findFirst().orElseThrow();
      }
      CopiedRepository.flip(pack);
      assertThat(drill())
          .startsWith("BRM-704: R01 restore-existing-backup (main): BRM-")
          .contains("damaged");
    }
  }

  private String drill() {
    return CalledGoals.in(folder)
        .bad("drill", "barman.drill.postgresBin=" + TestPostgres.oldest().bin());
  }
}
