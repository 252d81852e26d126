package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import org.postgresql.util.PSQLException;

/** What an {@link SQLException} of an open connection means. */
public final class SqlFailure {
  private SqlFailure() {}

  /**
   * The server's error as a {@link ServerErrorException}, an answer that did not come in time as SERVER_SILENT, anything else as CONNECTION_LOST.
   *
   * @param tried as in "reading the settings"
   */
  public static BarmanException of(SQLException e, HostAddress host, String tried) {
    ServerMessage answer = e instanceof PSQLException p ? ServerMessage.of(p) : null;
    if (answer != null) {
      return Attempt.SQL.refused(answer, tried + " on " + host, e);
    }
    if (isTimeout(e)) {
      return new BarmanException(
          ErrorCode.SERVER_SILENT,
          "the server at " + host + " has not answered in time: " + tried,
          "is the network or the server stuck? socketTimeout in the URL (seconds) allows more.",
          e);
    }
    return new BarmanException(
        ErrorCode.CONNECTION_LOST,
        tried + " on " + host + " failed: " + said(e),
        "look into the server's log; did the server stop, or the network break?",
        e);
  }

  /** The driver's words, and those of what lies under them: the driver's do not say what has become of the connection. */
  private static String said(SQLException e) {
    Throwable cause = ConnectFailure.deepest(e);
    String said = ConnectFailure.line(e);
    return cause == e ? said : said + " " + ConnectFailure.line(cause);
  }

  private static boolean isTimeout(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }
}
