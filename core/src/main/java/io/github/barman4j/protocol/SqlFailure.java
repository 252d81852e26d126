package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What an {@link SQLException} of an open connection means. */
public final class SqlFailure {
  private SqlFailure() {}

  /**
   * The server's error as a {@link ServerErrorException}, anything else as CONNECTION_LOST.
   *
   * @param tried as in "reading the settings"
   */
  public static BarmanException of(SQLException e, HostAddress host, String tried) {
    ServerMessage answer = e instanceof PSQLException p ? ServerMessage.of(p) : null;
    if (answer != null) {
      return Attempt.SQL.refused(answer, tried + " on " + host, e);
    }
    return new BarmanException(
        ErrorCode.CONNECTION_LOST,
        tried + " on " + host + " failed: " + String.valueOf(e.getMessage()).replace('\n', ' '),
        "look into the server's log; did the server stop, or the network break?",
        e);
  }
}
