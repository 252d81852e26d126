package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BlockHash;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A restored test server touches nothing of production's, whatever production's settings were. */
@Timeout(120)
class QuietTestServerIT {
  @TempDir
  Path repository;

  /** The content of every file below a folder. */
  private static SortedMap<String, BlockHash> hash(Path folder) throws IOException {
    SortedMap<String, BlockHash> hashes = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        hashes.put(folder.relativize(file).toString(), BlockHash.of(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  @Test
  void writesNothingToAnArchive() throws IOException {
    try (EmbeddedCluster made = RecordedServer.builder(TestPostgres.newest()).create()) {
      Path archive = made.newFolder("archive");
      Path traces = made.newFolder("traces");
      try (EmbeddedCluster cluster = RecordedServer.builder(TestPostgres.newest())
              .setting("archive_mode", "on")
              .setting("archive_command", "cp %p " + archive + "/%f")
              .setting("wal_level", "logical")
              .start();
          RecordedServer server = new RecordedServer(cluster, repository)) {
        server.execute(
            "create table t as select i from generate_series(1, 1000) i",
            "select pg_create_physical_replication_slot('production', true)",
            "alter system set synchronous_standby_names = ''");
        // Not for the server that runs: for the one that will be restored.
        Files.writeString(
            cluster.dataDirectory().resolve("postgresql.conf"),
            String.join(
                "\n",
                "",
                "archive_library = 'basic_archive'",
                "primary_conninfo = 'host=127.0.0.1 port=" + cluster.port() + " user=postgres'",
                "primary_slot_name = 'production'",
                "restore_command = 'touch " + traces + "/restore; false'",
                "recovery_end_command = 'touch " + traces + "/end'",
                "archive_cleanup_command = 'touch " + traces + "/cleanup'",
                "recovery_target_name = 'left over'",
                "recovery_target_timeline = '7'",
                "recovery_target_action = 'shutdown'",
                "recovery_min_apply_delay = '1h'",
                "shared_preload_libraries = 'not_there'",
                "session_preload_libraries = 'not_there_either'",
                "synchronous_standby_names = 'somebody'",
                ""),
            StandardOpenOption.APPEND);
        server.backup("only").step("end", "insert into t values (1001)").destroy();
        SortedMap<String, BlockHash> repositoryBefore = hash(repository);
        SortedMap<String, BlockHash> archiveBefore = hash(archive);
        assertThat(archiveBefore).as("production did archive").isNotEmpty();
        assertThat(repositoryBefore).hasSizeGreaterThan(5);

        RestoreRequest.Builder builder = server.request();
        RestoreRequest unstarted = builder.build();
        try (EmbeddedCluster restored = server.restored(unstarted)) {
          RestoreRequest request = builder
              .testServer(new TestServer("127.0.0.1", restored.port(), restored.socketFolder()))
              .build();
          server.engine().restore(request);
          restored.start();
          assertThat(RecordedServer.tables(restored)
                  .differencesFrom(server.moment("end").tables()))
              .isEmpty();
          restored.execute(
              RecordedServer.DATABASE,
              "insert into t select i from generate_series(2000, 20000) i",
              "select pg_switch_wal()",
              "insert into t values (0)",
              "select pg_switch_wal()",
              "checkpoint");
          assertThat(restored.show("archive_mode")).isEqualTo("off");
          assertThat(restored.query(
                  RecordedServer.DATABASE, "select slot_name from pg_replication_slots"))
              .isEmpty();
          assertThat(restored.query(
                  RecordedServer.DATABASE, "select pid::text from pg_stat_wal_receiver"))
              .isEmpty();
          assertThat(restored.query(
                  RecordedServer.DATABASE,
                  "select archived_count + failed_count from pg_stat_archiver"))
              .containsExactly("0");
          restored.stop(StopMode.FAST);
        }

        assertThat(hash(repository)).as("the repository").isEqualTo(repositoryBefore);
        assertThat(hash(archive)).as("production's archive").isEqualTo(archiveBefore);
        assertThat(traces).as("production's commands").isEmptyDirectory();
      }
    }
  }
}
