package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A table dropped or emptied, and all that a user may have noted to get back to the moment before.
 *
 * @param restorePoint the position after the record of a restore point, made first
 * @param position an insert position read after it
 * @param time of the server's clock, read after {@code position}
 * @param nanos {@link System#nanoTime()} when {@code time} was read
 * @param transaction that did it, begun after all that
 */
record Mistake(
    Lsn restorePoint,
    Lsn position,
    Instant time,
    long nanos,
    Injection.CommittedTransaction transaction) {

  /** @param damage a transaction */
  static Mistake make(Primary primary, String restorePointName, Fault.OfServer damage) {
    Notes notes = primary.query(connection -> Notes.take(connection, restorePointName));
    Injection done = damage.inject(primary);
    return new Mistake(
        notes.restorePoint,
        notes.position,
        notes.time,
        notes.nanos,
        done.transaction()
            .orElseThrow(() -> new BarmanException(
                ErrorCode.INTERNAL, "a mistake without a transaction", "report this")));
  }

  private record Notes(Lsn restorePoint, Lsn position, Instant time, long nanos) {
    static Notes take(Connection connection, String restorePointName) throws SQLException {
      Lsn restorePoint = Lsn.parse(
          Primary.text(connection, "SELECT pg_create_restore_point('" + restorePointName + "')"));
      Lsn position = Primary.position(connection);
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
        row.next();
        Instant time = row.getObject(1, OffsetDateTime.class).toInstant();
        return new Notes(restorePoint, position, time, System.nanoTime());
      }
    }
  }
}
