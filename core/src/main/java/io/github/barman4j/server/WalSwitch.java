package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;

/**
 * Ends the segment that a server writes, behind a restore point.
 *
 * <p>The restore point makes sure that there is something to end: without any record since the last switch pg_switch_wal does nothing
 * (manual, 9.27.3). Its position may lie in an earlier segment than the one that is ended, when others write at the same time.
 */
final class WalSwitch {
  private static final String RIGHTS = """
      select session_user, current_database(), pg_is_in_recovery(),
             has_function_privilege('pg_catalog.pg_create_restore_point(text)', 'execute')
               and has_function_privilege('pg_catalog.pg_switch_wal()', 'execute'),
             current_setting('wal_level')""";

  /** The insertion's timeline: pg_control's is that of the last checkpoint, which a promotion does not wait for. */
  private static final String TIMELINE =
      "select substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)";

  private final Sql sql;
  private final String host;

  WalSwitch(Sql sql, String host) {
    this.sql = sql;
    this.host = host;
  }

  private record Rights(
      String role, String database, boolean standby, boolean granted, String walLevel) {}

  /** @throws BarmanException PRECONDITION_FAILED, PERMISSION_MISSING or WAL_LEVEL_TOO_LOW when it would be refused */
  void require() {
    Rights rights = sql.one(
        "asking for the right to switch WAL",
        RIGHTS,
        row -> new Rights(
            row.getString(1),
            row.getString(2),
            row.getBoolean(3),
            row.getBoolean(4),
            row.getString(5)));
    if (rights.standby()) {
      throw new BarmanException(
          ErrorCode.PRECONDITION_FAILED,
          "the server " + host + " is a standby, which writes no WAL that could be switched",
          "name the primary in barman.url");
    }
    if (!rights.granted()) {
      throw new BarmanException(
          ErrorCode.PERMISSION_MISSING,
          "role '" + rights.role()
              + "' may not call pg_create_restore_point and pg_switch_wal in database '"
              + rights.database() + "' of " + host,
          "run GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal() TO \""
              + rights.role() + "\" there as a superuser");
    }
    if (rights.walLevel().equals("minimal")) {
      throw new BarmanException(
          ErrorCode.WAL_LEVEL_TOO_LOW,
          "wal_level of " + host + " is minimal, which allows no restore point",
          "set wal_level = replica and max_wal_senders = 10, then restart the server");
    }
  }

  SwitchedWal run(String restorePoint, WalSegmentSize size) {
    require();
    Lsn point = lsn(
        "creating restore point '" + restorePoint + "'",
        "select pg_create_restore_point(?)",
        restorePoint);
    // The end of the segment; where it ended by itself in this moment, its end all the same.
    Lsn end = lsn("switching WAL", "select pg_switch_wal()");
    Timeline timeline =
        Timeline.parseHex(sql.one("asking for the timeline", TIMELINE, row -> row.getString(1)));
    return new SwitchedWal(restorePoint, point, WalSegment.endingBefore(timeline, end, size));
  }

  private Lsn lsn(String doing, String query, Object... parameters) {
    return Lsn.parse(sql.one(doing, query, row -> row.getString(1), parameters));
  }
}
