package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.TableHashes;
import io.github.barman4j.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir
  Path folder;

  @Test
  void findsEveryAcknowledgedCommitAfterAKillAndARestart() throws SQLException {
    try (EmbeddedCluster cluster =
            EmbeddedCluster.builder(TestPostgres.newest()).start();
        Ledger ledger = newLoad(cluster)) {
      long fault;
      try (Workload load = Workload.start(() -> cluster.connect("postgres"), ledger, 4, 42)) {
        await().atMost(PATIENCE).until(() -> ledger.acknowledged() >= 500);
        // So that some commits are under way when the server dies, and not by chance.
        synchronousWith(cluster, "'nobody'");
        await()
            .atMost(PATIENCE)
            .until(() -> !cluster
                .query(
                    "postgres",
                    "SELECT pid::text FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
                .isEmpty());
        fault = cluster.kill();
        load.stop(Duration.ofSeconds(5));
      }
      cluster.start();
      synchronousWith(cluster, "''");
      LedgerDiff diff = diff(cluster, ledger);
      assertThat(diff.acknowledged()).isGreaterThanOrEqualTo(500);
      assertThat(diff.lost()).isEmpty();
      assertThat(diff.phantoms()).isEmpty();
      assertThat(diff.nonPrefixLoss()).isEmpty();
      assertThat(diff.lastSurvivingAge(fault)).isPresent();
      assertThat(ledger.entries()).extracting(LedgerEntry::outcome).contains(Outcome.UNKNOWN);

      cluster.execute(
          "postgres",
          "DELETE FROM " + LoadTable.NAME + " WHERE writer = 2 AND seq = 3",
          "UPDATE " + LoadTable.NAME + " SET payload = payload || 'x' WHERE writer = 1 AND seq = 1",
          "INSERT INTO " + LoadTable.NAME + " VALUES (9, 9, 0, '')");
      LedgerDiff spoilt = diff(cluster, ledger);
      assertThat(spoilt.lost()).hasSize(1);
      assertThat(spoilt.nonPrefixLoss()).hasSize(1);
      assertThat(spoilt.phantoms()).hasSize(1);
      try (Connection connection = cluster.connect("postgres")) {
        assertThat(LoadTable.read(connection).damaged()).hasSize(1);
      }
    }
  }

  private static void synchronousWith(EmbeddedCluster cluster, String standbys) {
    cluster.execute(
        "postgres",
        "ALTER SYSTEM SET synchronous_standby_names = " + standbys,
        "SELECT pg_reload_conf()");
  }

  @Test
  void doesNotTakeAGivenUpSynchronousWaitForAnAcknowledgement() throws SQLException {
    try (EmbeddedCluster cluster =
            EmbeddedCluster.builder(TestPostgres.oldest()).start();
        Ledger ledger = newLoad(cluster)) {
      synchronousWith(cluster, "'nobody'");
      try (Workload load = Workload.start(() -> cluster.connect("postgres"), ledger, 2, 42)) {
        await().atMost(PATIENCE).until(() -> {
          cluster.execute(
              "postgres",
              "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
          return ledger.size() >= 4;
        });
        load.stop(Duration.ofMillis(500));
      }
      assertThat(ledger.entries())
          .hasSizeGreaterThanOrEqualTo(4)
          .extracting(LedgerEntry::outcome)
          .containsOnly(Outcome.UNKNOWN);
      assertThat(diff(cluster, ledger).unknownRecovered()).isNotEmpty();
    }
  }

  @Test
  void comparesTablesByContent() throws SQLException {
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder(TestPostgres.newest()).start()) {
      cluster.execute(
          "postgres",
          "CREATE TABLE \"It's\" AS SELECT g AS id, now() AS at, g / 7.0::float8 AS x FROM generate_series(1, 1000) g",
          "CREATE TABLE parts (id int) PARTITION BY RANGE (id)",
          "CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
          "INSERT INTO parts VALUES (1), (1), (2)",
          "CREATE UNLOGGED TABLE fleeting AS SELECT 1",
          "SELECT lo_from_bytea(0, 'large')");
      try (Connection connection = cluster.connect("postgres")) {
        TableHashes before = TableHashes.of(connection);
        assertThat(before.tables())
            .containsOnlyKeys("pg_catalog.pg_largeobject", "public.\"It's\"", "public.part_1");

        cluster.execute(
            "postgres",
            "UPDATE parts SET id = id",
            "DELETE FROM \"It's\" WHERE id = 1",
            "INSERT INTO \"It's\" SELECT 1, now(), 1 / 7.0::float8");
        assertThat(TableHashes.of(connection).differencesFrom(before))
            .containsExactly(
                "table public.\"It's\" has 1000 rows instead of 1000 with other content");

        cluster.execute("postgres", "DROP TABLE \"It's\"", "INSERT INTO parts VALUES (3)");
        assertThat(TableHashes.of(connection).differencesFrom(before))
            .containsExactly(
                "table public.\"It's\" is missing", "table public.part_1 has 4 rows instead of 3");
      }
    }
  }

  private Ledger newLoad(EmbeddedCluster cluster) throws SQLException {
    try (Connection connection = cluster.connect("postgres")) {
      LoadTable.create(connection);
    }
    return Ledger.create(folder.resolve("ledger"));
  }

  private static LedgerDiff diff(EmbeddedCluster cluster, Ledger ledger) throws SQLException {
    try (Connection connection = cluster.connect("postgres")) {
      return LedgerDiff.of(
          ledger.entries(), LoadTable.read(connection).rows(), new Horizon.Everything());
    }
  }
}
