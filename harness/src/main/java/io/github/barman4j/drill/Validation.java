package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * What is looked at after a recovery: the ledger, every table, every page and index, the user's own queries, and whether the restored
 * server kept away from production.
 *
 * @param diff of the ledger
 */
record Validation(LedgerDiff diff, List<Check> checks, int timeline) {
  private static final int MOST_NAMED = 5;

  Validation {
    checks = List.copyOf(checks);
  }

  /**
   * Of a server that was restored.
   *
   * @param before the tables as they were at the horizon
   */
  static Validation of(Stage stage, Recovery recovery, Horizon horizon, TableHashes before)
      throws SQLException {
    Validation content = ofPromoted(stage, recovery.server(), horizon, before);
    List<Check> checks = new ArrayList<>(content.checks());
    try (Connection connection = recovery.server().connect(Primary.DATABASE)) {
      checks.add(check("isolation", contacts(connection), "no archiving, no upstream, no slots"));
    }
    checks.add(check(
        "repository",
        stage.host().fingerprint().changesSince(recovery.repositoryBefore()),
        "the restored server wrote nothing to it"));
    return new Validation(content.diff(), checks, content.timeline());
  }

  /** Of a standby that was promoted: it is production now and may reach what belongs to it. */
  static Validation ofPromoted(Stage stage, Cluster server, Horizon horizon, TableHashes before)
      throws SQLException {
    List<Check> checks = new ArrayList<>();
    LoadTable.Content content;
    int timeline;
    try (Connection connection = server.connect(Primary.DATABASE)) {
      content = LoadTable.read(connection);
      checks.add(check(
          "ledger",
          content.damaged().stream().map(row -> "row " + row + " is damaged").toList(),
          content.rows().size() + " rows, every payload fits its checksum"));
      checks.add(check(
          "tables",
          Primary.hashes(connection).differencesFrom(before),
          before.tables().size() + " tables are equal"));
      checks.addAll(integrity(connection));
      Path script = stage.request().checkScript();
      if (script != null) {
        checks.add(
            check("script", SqlScript.violations(connection, script), "no query returned a row"));
      }
      // pg_control tells it only after the next checkpoint.
      timeline = Integer.parseInt(
          Primary.text(connection, "SELECT pg_walfile_name(pg_current_wal_lsn())")
              .substring(0, 8),
          16);
    }
    LedgerDiff diff = LedgerDiff.of(stage.primary().ledger().entries(), content.rows(), horizon);
    return new Validation(diff, checks, timeline);
  }

  /** Every page was read above, so PostgreSQL has compared the checksum of each; amcheck looks at the structure. */
  private static List<Check> integrity(Connection connection) throws SQLException {
    List<Check> checks = new ArrayList<>();
    if (Primary.text(
            connection, "SELECT count(*) FROM pg_available_extensions WHERE name = 'amcheck'")
        .equals("1")) {
      List<String> problems = new ArrayList<>();
      String indexes = "0";
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE EXTENSION IF NOT EXISTS amcheck");
        indexes = Primary.text(
            connection,
            "SELECT count(bt_index_check(c.oid, true)::text) FROM pg_index i"
                + " JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam"
                + " WHERE a.amname = 'btree' AND c.relpersistence = 'p' AND c.relkind = 'i'"
                + " AND i.indisready AND i.indisvalid");
        try (ResultSet rows =
            statement.executeQuery("SELECT c.oid::regclass || ': ' || v.msg FROM pg_class c,"
                + " verify_heapam(c.oid) v WHERE c.relkind IN ('r', 'm', 't')"
                + " AND c.relpersistence = 'p' LIMIT " + MOST_NAMED)) {
          while (rows.next()) {
            problems.add(rows.getString(1));
          }
        }
      } catch (SQLException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
      checks.add(check("amcheck", problems, indexes + " indexes and all tables are sound"));
    }
    String failures = Primary.text(
        connection, "SELECT coalesce(sum(checksum_failures), 0) FROM pg_stat_database");
    checks.add(
        new Check("checksums", failures.equals("0"), failures + " pages failed their checksum"));
    return checks;
  }

  /** What a restored server could reach production with. */
  private static List<String> contacts(Connection connection) throws SQLException {
    List<String> found = new ArrayList<>();
    for (String setting :
        List.of("primary_conninfo", "primary_slot_name", "synchronous_standby_names")) {
      String value = Primary.text(connection, "SHOW " + setting);
      if (!value.isEmpty()) {
        found.add(setting + " is set");
      }
    }
    String mode = Primary.text(connection, "SHOW archive_mode");
    if (!mode.equals("off")) {
      found.add("archive_mode is " + mode);
    }
    String slots = Primary.text(connection, "SELECT count(*) FROM pg_replication_slots");
    if (!slots.equals("0")) {
      found.add(slots + " replication slots are there");
    }
    return found;
  }

  private static Check check(String name, List<String> problems, String fine) {
    if (problems.isEmpty()) {
      return new Check(name, true, fine);
    }
    String named = String.join("; ", problems.subList(0, Math.min(MOST_NAMED, problems.size())));
    int more = problems.size() - MOST_NAMED;
    return new Check(name, false, named + (more > 0 ? "; and " + more + " more" : ""));
  }

  /** @param referenceNanos of the fault, or of the target */
  Rpo rpo(long referenceNanos) {
    return new Rpo(
        diff.acknowledged(),
        diff.lost().size(),
        diff.lostTime(referenceNanos),
        diff.lostBytes(),
        diff.phantoms().size(),
        diff.nonPrefixLoss().size(),
        diff.unknownRecovered().size() + diff.unknownNotRecovered().size(),
        diff.unknownRecovered().size(),
        diff.overshoot().size(),
        diff.lastSurvivingAge(referenceNanos));
  }
}
