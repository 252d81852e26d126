package io.github.barman4j.it.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The whole way, on every major: received and backed up under load, killed, restored, promoted, received and backed up again on the
 * new timeline, killed, restored. The databases are those that are easily forgotten.
 */
@Timeout(300)
class UnusualDatabasesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String QUOTED = "It's a \"Datenbank\" & 100 % größer?";
  private static final String LATIN = "latin";
  private static final List<String> DATABASES = List.of("postgres", QUOTED, LATIN);
  private static final String SPACE = "second & odd";

  @TempDir
  Path repository;

  static IntStream majors() {
    return TestPostgres.majors();
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("majors")
  void bringsUnusualDatabasesBackTwice(int major) throws SQLException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .withoutDataChecksums()
        .start()) {
      fill(cluster);
      String unlogged =
          cluster.query(QUOTED, "SELECT pg_relation_filepath('fleeting')").get(0);
      Map<String, TableHashes> before = backUpUnderChurnAndKill(cluster);

      RestoreRequest request = requestWithSpace(cluster, "first");
      engine(cluster).restore(request);
      assertThat(request.directory().resolve(unlogged)).doesNotExist();
      assertThat(request.directory().resolve(unlogged + "_init")).isRegularFile();
      try (EmbeddedCluster restored = restored(cluster, request)) {
        restored.start();
        assertHolds(restored, before);
        assertIsUnusual(restored);

        restored.execute(
            QUOTED,
            "UPDATE elsewhere SET t = upper(t)",
            "SELECT lo_from_bytea(0, decode(repeat('ab', 5000), 'hex'))");
        Map<String, TableHashes> later = backUpUnderChurnAndKill(restored);
        RestoreRequest again = requestWithSpace(cluster, "second");
        engine(restored).restore(again);
        try (EmbeddedCluster second = restored(cluster, again)) {
          second.start();
          assertHolds(second, later);
          assertThat(second.query("postgres", "SELECT timeline_id FROM pg_control_checkpoint()"))
              .containsExactly("3");
        }
      }
    }
  }

  @Test
  void bringsTenThousandTablesBack() throws SQLException {
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder(TestPostgres.major(16)).start()) {
      cluster.execute("postgres", """
          DO $$ BEGIN
            FOR i IN 1..10000 LOOP
              EXECUTE format('CREATE TABLE small_%s AS SELECT %s AS id', i, i);
              IF i % 500 = 0 THEN COMMIT; END IF;
            END LOOP;
          END $$""");
      Map<String, TableHashes> before = hashes(cluster, List.of("postgres"));
      assertThat(before.get("postgres").tables()).hasSize(10_001);
      Backup backup = engine(cluster).backup(BackupRequest.defaults()).backup();
      assertThat(backup.sizes().files()).isGreaterThan(10_000);
      cluster.kill();
      RestoreRequest request = request(cluster, "restored").build();
      engine(cluster).restore(request);
      try (EmbeddedCluster restored = restored(cluster, request)) {
        restored.start();
        assertHolds(restored, before);
      }
    }
  }

  private static void fill(EmbeddedCluster cluster) {
    cluster.execute(
        "postgres",
        "CREATE TABLESPACE \"" + SPACE + "\" LOCATION '" + cluster.newFolder("odd space") + "'",
        "CREATE DATABASE \"" + QUOTED.replace("\"", "\"\"") + "\" TABLESPACE \"" + SPACE + "\"",
        "CREATE DATABASE " + LATIN + " TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'");
    cluster.execute(
        QUOTED,
        "CREATE UNLOGGED TABLE fleeting (i int PRIMARY KEY)",
        "INSERT INTO fleeting SELECT generate_series(1, 5000)",
        "CREATE TABLE elsewhere TABLESPACE pg_default AS SELECT i, md5(i::text) AS t FROM generate_series(1, 5000) i",
        "CREATE TABLE \"It's\" (\"größer?\" text)",
        "INSERT INTO \"It's\" SELECT repeat(md5(i::text), 200) FROM generate_series(1, 500) i",
        "SELECT lo_from_bytea(0, decode(string_agg(md5(i::text), ''), 'hex')) FROM generate_series(1, 20000) i");
    cluster.execute(
        LATIN,
        "CREATE TABLE words (w text PRIMARY KEY)",
        "INSERT INTO words VALUES ('Größe'), ('ça va'), ('mañana')");
    cluster.execute(
        "postgres",
        "CREATE TABLE here TABLESPACE \"" + SPACE
            + "\" AS SELECT i, md5(i::text) AS t FROM generate_series(1, 20000) i");
  }

  /** Also what the tables do not tell. */
  private static void assertIsUnusual(EmbeddedCluster server) {
    assertThat(server.show("data_checksums")).isEqualTo("off");
    assertThat(server.query(QUOTED, "SELECT i FROM fleeting")).isEmpty();
    server.execute(QUOTED, "INSERT INTO fleeting VALUES (7)");
    assertThat(server.query(QUOTED, "SELECT length(lo_get(oid)) FROM pg_largeobject_metadata"))
        .containsExactly("320000");
    assertThat(server.query(LATIN, "SHOW server_encoding")).containsExactly("LATIN1");
    assertThat(server.query(LATIN, "SELECT w FROM words WHERE octet_length(w) = 5"))
        .containsExactlyInAnyOrder("Größe", "ça va");
    assertThat(
            server.query(
                "postgres",
                "SELECT t.spcname FROM pg_class c JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE relname = 'here'"))
        .containsExactly(SPACE);
  }

  /** Returns what every table held when the server was killed. */
  private Map<String, TableHashes> backUpUnderChurnAndKill(EmbeddedCluster cluster)
      throws SQLException {
    Engine engine = engine(cluster, QUOTED);
    try (RunningReceiver receiver = engine.startReceiver(ReceiveRequest.defaults())) {
      await().atMost(PATIENCE).until(receiver::isStreaming);
      int vanished;
      try (TableChurn churn = TableChurn.start(cluster, QUOTED)) {
        int dropped = churn.dropped();
        Backup backup = engine.backup(BackupRequest.defaults()).backup();
        vanished = churn.dropped() - dropped;
        assertThat(backup.dataChecksums()).isFalse();
      }
      assertThat(vanished).as("tables dropped during the backup").isPositive();
      Map<String, TableHashes> content = hashes(cluster, DATABASES);
      Lsn end = Lsn.parse(
          cluster.query("postgres", "SELECT pg_current_wal_flush_lsn()").get(0));
      await().atMost(PATIENCE).until(() -> receiver.flushed().compareTo(end) >= 0);
      cluster.kill();
      return content;
    }
  }

  private static void assertHolds(EmbeddedCluster server, Map<String, TableHashes> expected)
      throws SQLException {
    Map<String, TableHashes> found = hashes(server, List.copyOf(expected.keySet()));
    List<String> differences = new ArrayList<>();
    expected.forEach(
        (database, tables) -> differences.addAll(found.get(database).differencesFrom(tables)));
    assertThat(differences).isEmpty();
  }

  private static Map<String, TableHashes> hashes(EmbeddedCluster server, List<String> databases)
      throws SQLException {
    Map<String, TableHashes> hashes = new LinkedHashMap<>();
    for (String database : databases) {
      try (Connection connection = server.connect(database)) {
        hashes.put(database, TableHashes.of(connection));
      }
    }
    return hashes;
  }

  private static RestoreRequest.Builder request(EmbeddedCluster cluster, String name) {
    return RestoreRequest.to(cluster.newFolder(name)).owner(cluster.fileOwner());
  }

  private static RestoreRequest requestWithSpace(EmbeddedCluster cluster, String name) {
    return request(cluster, name)
        .tablespaces(Map.of(SPACE, cluster.newFolder(name + " space")))
        .build();
  }

  private static EmbeddedCluster restored(EmbeddedCluster original, RestoreRequest request) {
    return EmbeddedCluster.builder(original.binaries())
        .existing(request.directory())
        .password(original.password())
        .create();
  }

  private Engine engine(EmbeddedCluster cluster) {
    return engine(cluster, "postgres");
  }

  private Engine engine(EmbeddedCluster cluster, String database) {
    return Engine.open(
        EngineConfiguration.of(
            repository,
            "main",
            new ServerConnection(cluster.jdbcUrl(database), cluster.user(), cluster.password())),
        EventSink.NONE);
  }
}
