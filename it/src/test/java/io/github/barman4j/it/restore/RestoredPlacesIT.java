package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clusters whose files do not all lie in the data directory. */
@Timeout(180)
class RestoredPlacesIT {
  @TempDir
  Path repository;

  private static long files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  @Test
  void bringsTablespacesBackWhereTheyAreMapped() throws IOException {
    try (EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.newest()).start();
        RecordedServer server = new RecordedServer(cluster, repository)) {
      Path fast = cluster.newFolder("fast disk");
      Path slow = cluster.newFolder("slow");
      server
          .execute(
              "create tablespace fast location '" + fast + "'",
              "create tablespace slow location '" + slow + "'",
              "create table f tablespace fast as select i, md5(i::text) from generate_series(1, 5000) i",
              "create table s tablespace slow as select i, md5(i::text) from generate_series(1, 5000) i",
              "create table d as select i from generate_series(1, 10) i")
          .backup("only");
      RestoreRequest unmapped = server.request().build();
      assertThatThrownBy(() -> server.engine().restore(unmapped))
          .isInstanceOfSatisfying(BarmanException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.TABLESPACE_NOT_MAPPED);
            assertThat(e.hint()).contains("barman.tablespaces=");
          });
      assertThat(unmapped.directory()).isEmptyDirectory();

      server
          .step("end", "update f set i = -i; update s set i = -i; insert into d values (11)")
          .destroy();
      // A link that is there already, to another file system where this machine has one.
      Path mapped = cluster.newFolder("links").resolve("new fast");
      Path otherVolume = otherVolume(cluster);
      Files.createSymbolicLink(mapped, otherVolume);
      RestoreRequest request =
          server.request().tablespaces(Map.of("fast", mapped)).build();
      server.engine().restore(request);

      assertThat(files(fast)).as("the old place stays untouched").isZero();
      assertThat(files(otherVolume)).isPositive();
      assertThat(files(slow)).as("not mapped, and empty").isPositive();
      try (EmbeddedCluster restored = server.restored(request)) {
        restored.start();
        assertThat(RecordedServer.tables(restored)
                .differencesFrom(server.moment("end").tables()))
            .isEmpty();
        assertThat(
                restored.query(
                    RecordedServer.DATABASE,
                    "select pg_tablespace_location(oid) from pg_tablespace where spcname in ('fast', 'slow') order by spcname"))
            .containsExactly(mapped.toString(), slow.toString());
        restored.execute(RecordedServer.DATABASE, "checkpoint");
      } finally {
        delete(otherVolume);
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static Path otherVolume(EmbeddedCluster cluster) throws IOException {
    Path memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
            && cluster.fileOwner().equals(Files.getOwner(memory).getName())
        ? Files.createTempDirectory(memory, "barman-it-")
        : cluster.newFolder("other volume");
  }

  /** As Debian has it: no configuration in the data directory. */
  @Test
  void bringsConfigurationFromOutsideOfTheDataDirectory() throws IOException {
    try (EmbeddedCluster made = RecordedServer.builder(TestPostgres.oldest()).create()) {
      Path data = made.dataDirectory();
      Path etc = made.newFolder("etc");
      Path archived = made.newFolder("archived");
      for (String name : new String[] {"postgresql.conf", "pg_hba.conf", "pg_ident.conf"}) {
        Files.move(data.resolve(name), etc.resolve(name));
      }
      Files.createDirectory(etc.resolve("conf.d"));
      Files.writeString(etc.resolve("conf.d/10.conf"), "work_mem = 7MB\nmax_connections = 37\n");
      Files.writeString(
          etc.resolve("postgresql.conf"),
          Files.readString(etc.resolve("postgresql.conf"))
              + String.join(
                  "\n",
                  "data_directory = '" + data + "'",
                  "hba_file = '" + etc.resolve("pg_hba.conf") + "'",
                  "ident_file = '" + etc.resolve("pg_ident.conf") + "'",
                  "external_pid_file = '" + etc.resolve("pid") + "'",
                  "archive_mode = on",
                  "archive_command = 'cp %p " + archived + "/%f'",
                  "cluster_name = 'prod'",
                  "recovery_target_name = 'left over'",
                  "include_dir = 'conf.d'",
                  ""));
      try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.oldest())
              .existing(data)
              .setting("config_file", etc.resolve("postgresql.conf").toString())
              .password(made.password())
              .start();
          RecordedServer server = new RecordedServer(cluster, repository)) {
        server
            .execute(
                "alter system set synchronous_standby_names = 'barman'",
                "select pg_reload_conf()",
                "create table t as select i from generate_series(1, 1000) i")
            .backup("only")
            .step("end", "insert into t values (1001)")
            .destroy();
        long before = files(archived);
        RestoreRequest request = server.request().build();
        RestoreResult result = server.engine().restore(request);

        assertThat(result.changes())
            .anyMatch(change -> change.contains("postgresql.conf written from the backup"))
            .anyMatch(change -> change.contains("external_pid_file taken out"));
        try (EmbeddedCluster restored = server.restored(request)) {
          restored.start();
          assertThat(RecordedServer.tables(restored)
                  .differencesFrom(server.moment("end").tables()))
              .isEmpty();
          assertThat(restored.show("work_mem")).isEqualTo("7MB");
          assertThat(restored.show("max_connections")).isEqualTo("37");
          assertThat(restored.show("cluster_name")).isEqualTo("prod");
          assertThat(restored.show("data_directory"))
              .isEqualTo(request.directory().toString());
          assertThat(restored.show("hba_file"))
              .isEqualTo(request.directory().resolve("pg_hba.conf").toString());
          restored.execute(
              RecordedServer.DATABASE, "insert into t values (1002)", "select pg_switch_wal()");
        }
        assertThat(files(archived)).as("production's archive").isEqualTo(before);
      }
    }
  }
}
