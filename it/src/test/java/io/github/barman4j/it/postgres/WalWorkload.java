package io.github.barman4j.it.postgres;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes a server write every kind of record that the engine tells apart, and a record that runs over two ends of segments. Closes
 * nothing.
 */
final class WalWorkload {
  static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);

  /** The log that the workload wrote: whole segments. */
  record Written(WalSegment first, Lsn end) {}

  private final Connection connection;

  WalWorkload(Connection connection) {
    this.connection = connection;
  }

  /** A cluster that the workload can run on. */
  static EmbeddedCluster start(PostgresBinaries binaries) {
    return EmbeddedCluster.builder(binaries)
        .initdbOption("--wal-segsize=1")
        .setting("wal_level", "logical")
        .setting("wal_keep_size", "256MB")
        .setting("max_prepared_transactions", "7")
        .setting("max_connections", "33")
        .setting("autovacuum", "off")
        .setting("TimeZone", "UTC")
        .start();
  }

  /** Begins and ends at the start of a segment. */
  Written run() throws SQLException {
    execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect");
    execute("CREATE TABLE kept (id int)");
    execute("CREATE TABLE dropped_plainly (id int)");
    execute("CREATE TABLE dropped_in_two_phases (id int)");
    execute("SELECT pg_replication_origin_create('elsewhere')");
    execute("CHECKPOINT");
    // What follows the checkpoint first logs whole pages; they would make the golden files large.
    execute("INSERT INTO kept VALUES (0)");
    execute("BEGIN; CREATE TABLE soon_gone (id int PRIMARY KEY); DROP TABLE soon_gone; ROLLBACK");
    execute("CREATE TABLE soon_gone (id int PRIMARY KEY)");
    execute("DROP TABLE soon_gone");
    Lsn switched = lsn("SELECT pg_switch_wal()");
    WalSegment first =
        WalSegment.containing(Timeline.FIRST, switched, SEGMENT_SIZE).next();
    transactions();
    twoPhases();
    origins();
    execute("SELECT pg_create_restore_point('before the flood, né 1')");
    execute("CHECKPOINT");
    execute("SELECT pg_logical_emit_message(false, 'long', repeat('x', 2300000))");
    manySubtransactions();
    execute("SELECT pg_backup_start('golden', true)");
    execute("SELECT pg_backup_stop(false)");
    Lsn end = WalSegment.endingBefore(
            Timeline.FIRST, lsn("SELECT pg_current_wal_insert_lsn()"), SEGMENT_SIZE)
        .end();
    execute("INSERT INTO kept VALUES (99)");
    execute("SELECT pg_switch_wal()");
    return new Written(
        first, WalSegment.containing(Timeline.FIRST, end, SEGMENT_SIZE).start());
  }

  private void transactions() throws SQLException {
    execute("INSERT INTO kept VALUES (1)");
    execute(
        "BEGIN; INSERT INTO kept VALUES (2); SAVEPOINT a; INSERT INTO kept VALUES (3); RELEASE a;"
            + " SAVEPOINT b; INSERT INTO kept VALUES (4); ROLLBACK TO b; COMMIT");
    execute(
        "BEGIN; INSERT INTO kept VALUES (5); SAVEPOINT a; INSERT INTO kept VALUES (6); ROLLBACK");
    execute("BEGIN; DROP TABLE dropped_plainly; SAVEPOINT a; INSERT INTO kept VALUES (7); COMMIT");
    execute("BEGIN; CREATE TABLE never_there (id int PRIMARY KEY); ROLLBACK");
  }

  private void twoPhases() throws SQLException {
    execute(
        "BEGIN; DROP TABLE dropped_in_two_phases; SAVEPOINT a; INSERT INTO kept VALUES (8); PREPARE TRANSACTION 'first gid'");
    execute("COMMIT PREPARED 'first gid'");
    execute(
        "BEGIN; CREATE TABLE never_there (id int PRIMARY KEY); SAVEPOINT a; INSERT INTO kept VALUES (9);"
            + " PREPARE TRANSACTION 'the second, with né'");
    execute("ROLLBACK PREPARED 'the second, with né'");
  }

  private void origins() throws SQLException {
    execute("SELECT pg_replication_origin_session_setup('elsewhere')");
    execute(
        "BEGIN; SELECT pg_replication_origin_xact_setup('0/AFFE', '2024-02-29 12:00:00Z'); INSERT INTO kept VALUES (10); COMMIT");
    execute(
        "BEGIN; SELECT pg_replication_origin_xact_setup('0/BEEF', '2024-02-29 12:00:01Z'); INSERT INTO kept VALUES (11);"
            + " PREPARE TRANSACTION 'from elsewhere'");
    execute("COMMIT PREPARED 'from elsewhere'");
    execute("SELECT pg_replication_origin_session_reset()");
  }

  /** A commit record that is longer than a page. */
  private void manySubtransactions() throws SQLException {
    execute(
        "DO $$ BEGIN FOR i IN 1..2100 LOOP BEGIN INSERT INTO kept VALUES (i); EXCEPTION WHEN others THEN RAISE; END; END LOOP; END $$");
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Lsn lsn(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }
}
