package io.github.barman4j.server;

import io.github.barman4j.postgres.Lsn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Optional;

/** Asks how far a server's log is, and how far those are who take it. Every role may ask all of it. */
final class ReplicationQuery {
  private static final String POSITION = """
      select case when pg_is_in_recovery()
                  then greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                  else pg_current_wal_lsn() end""";

  /** A role may ask for the size of a database that it may connect to, or of all with pg_read_all_stats (dbsize.c). */
  private static final String DATABASES = """
      select sum(pg_database_size(oid)) from pg_database
       where has_database_privilege(oid, 'connect') or pg_has_role('pg_read_all_stats', 'usage')""";

  private static final String SLOT = """
      select slot_name, active, restart_lsn, coalesce(wal_status, '')
        from pg_replication_slots where slot_name = ?""";

  private static final String STREAMS = """
      select coalesce(state, 'unknown'), flush_lsn, coalesce(sync_state, 'unknown')
        from pg_stat_replication where application_name = ? order by pid""";

  private static final String ARCHIVER = """
      select current_setting('archive_mode'), last_archived_wal, last_archived_time, failed_count,
             last_failed_wal
        from pg_stat_archiver""";

  private final Sql sql;

  ReplicationQuery(Sql sql) {
    this.sql = sql;
  }

  ReplicationState ask(String slot) {
    return new ReplicationState(
        sql.one("asking for the position", POSITION, row -> lsn(row, 1)).orElse(Lsn.INVALID),
        sql.one("asking for the size of the databases", DATABASES, row -> row.getLong(1)),
        sql
            .list(
                "reading slot '" + slot + "'",
                SLOT,
                row -> new ReplicationState.Slot(
                    row.getString(1), row.getBoolean(2), lsn(row, 3), row.getString(4)),
                slot)
            .stream()
            .findFirst(),
        sql.list(
            "listing the streams of '" + slot + "'",
            STREAMS,
            row -> new ReplicationState.Stream(row.getString(1), lsn(row, 2), row.getString(3)),
            slot),
        sql.one("asking for the archiver", ARCHIVER, ReplicationQuery::archiver));
  }

  private static ReplicationState.Archiver archiver(ResultSet row) throws SQLException {
    return new ReplicationState.Archiver(
        row.getString(1),
        Optional.ofNullable(row.getString(2)),
        Optional.ofNullable(row.getObject(3, OffsetDateTime.class)).map(OffsetDateTime::toInstant),
        row.getLong(4),
        Optional.ofNullable(row.getString(5)));
  }

  private static Optional<Lsn> lsn(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getString(column)).map(Lsn::parse);
  }
}
