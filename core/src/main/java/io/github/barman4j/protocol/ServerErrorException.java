package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import org.jspecify.annotations.Nullable;

/** An error that the server reported. The error code is chosen by its SQLSTATE and by what was tried. */
public final class ServerErrorException extends BarmanException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final String serverMessage;

  ServerErrorException(
      ErrorCode code,
      String problem,
      String hint,
      String sqlState,
      String serverMessage,
      @Nullable Throwable cause) {
    super(code, problem, hint, cause);
    this.sqlState = sqlState;
    this.serverMessage = serverMessage;
  }

  /** Five characters (manual, appendix A). */
  public String sqlState() {
    return sqlState;
  }

  /** The server's own words, in the server's language. */
  public String serverMessage() {
    return serverMessage;
  }
}
