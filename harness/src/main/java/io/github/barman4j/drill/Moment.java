package io.github.barman4j.drill;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * A moment of the server to go back to, with all that a user may have noted then.
 *
 * @param name of the restore point
 * @param restorePoint the position after its record
 * @param position an insert position read after it
 * @param time of the server's clock, read after {@code position}
 * @param afterwards an insert position read after {@code time}
 * @param nanos {@link System#nanoTime()} when all was read
 */
public record Moment(
    String name, Lsn restorePoint, Lsn position, Instant time, Lsn afterwards, long nanos) {

  /** What a recovery is told of a moment. */
  public enum By {
    NAME,
    LSN,
    TIME;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Moment take(Connection connection, String name) throws SQLException {
    Lsn restorePoint = Lsn.parse(Primary.text(
        connection, "SELECT pg_create_restore_point('" + name.replace("'", "''") + "')"));
    Lsn position = Primary.position(connection);
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
      row.next();
      Instant time =
          row.getObject(1, OffsetDateTime.class).toInstant().truncatedTo(ChronoUnit.MICROS);
      return new Moment(
          name, restorePoint, position, time, Primary.position(connection), System.nanoTime());
    }
  }

  RecoveryTarget target(By by) {
    return switch (by) {
      case NAME -> new RecoveryTarget.AtName(name);
      case LSN -> new RecoveryTarget.AtLsn(position, false);
      case TIME -> new RecoveryTarget.AtTime(time, true);
    };
  }

  /**
   * A commit whose end was known before the time was read carries an earlier time, one that began after {@link #afterwards} was read a
   * later one.
   */
  Horizon horizon(By by) {
    return switch (by) {
      case NAME -> new Horizon.Position(restorePoint, restorePoint);
      case LSN -> new Horizon.Position(position, position);
      case TIME -> new Horizon.Position(position, afterwards);
    };
  }
}
