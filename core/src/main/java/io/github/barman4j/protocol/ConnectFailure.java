package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;

/** Says why a connection could not be opened, from what pgjdbc threw and how far it had come. */
final class ConnectFailure {
  private static final String REJECTED = "08004";
  private static final String FAILURE = "08006";
  private static final Set<String> OPTIONAL_TLS = Set.of("disable", "allow", "prefer");

  private final HostAddress host;
  private final Properties properties;
  private final boolean replication;

  ConnectFailure(HostAddress host, Properties properties, boolean replication) {
    this.host = host;
    this.properties = properties;
    this.replication = replication;
  }

  BarmanException translate(SQLException e, SocketCapture capture) {
    String tried = "connecting to " + host + user();
    ServerMessage answer = e instanceof PSQLException p ? ServerMessage.of(p) : null;
    if (answer != null) {
      Attempt attempt = replication ? Attempt.CONNECT_REPLICATION : Attempt.CONNECT_SQL;
      return attempt.refused(answer, tried, e);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      BarmanException known = known(cause, tried, e);
      if (known != null) {
        return known;
      }
    }
    if (wantsTls()
        && (FAILURE.equals(e.getSQLState()) && capture.plain() != null
            || REJECTED.equals(e.getSQLState()) && capture.tls() == null)) {
      return tls(tried, e, e);
    }
    if (REJECTED.equals(e.getSQLState())) {
      return new BarmanException(
          ErrorCode.AUTHENTICATION_FAILED,
          tried + " failed: " + line(e),
          "give the password, by a pgpass file where you like; the server's pg_hba.conf says which method it wants.",
          e);
    }
    return new BarmanException(
        ErrorCode.CONNECTION_FAILED,
        tried + " failed: " + line(deepest(e)),
        "check the URL, and what lies between this host and the server.",
        e);
  }

  private @Nullable BarmanException known(Throwable cause, String tried, SQLException e) {
    if (cause instanceof UnknownHostException) {
      return new BarmanException(
          ErrorCode.HOST_UNKNOWN,
          "the host name '" + host.host() + "' is not known",
          "check the spelling in the URL, and the name service of this machine.",
          e);
    }
    if (cause instanceof SSLException || cause instanceof GeneralSecurityException) {
      return tls(tried, cause, e);
    }
    if (cause instanceof ConnectException) {
      return new BarmanException(
          ErrorCode.CONNECTION_FAILED,
          tried + " failed: " + line(cause),
          "is the server running, does it listen on this port (port, listen_addresses), does a firewall stand between?",
          e);
    }
    if (cause instanceof SocketTimeoutException) {
      return new BarmanException(
          ErrorCode.CONNECTION_FAILED,
          tried + " failed: no answer within " + PGProperty.CONNECT_TIMEOUT.getOrDefault(properties)
              + " s",
          "does a firewall stand between, is it PostgreSQL's port? connectTimeout in the URL waits longer.",
          e);
    }
    if (cause instanceof NoRouteToHostException) {
      return new BarmanException(
          ErrorCode.CONNECTION_FAILED,
          tried + " failed: " + line(cause),
          "this machine has no way to that address; check network and firewall.",
          e);
    }
    return null;
  }

  private BarmanException tls(String tried, Throwable reason, SQLException e) {
    return new BarmanException(
        ErrorCode.TLS_FAILED,
        tried + " with TLS (sslmode=" + sslMode() + ") failed: " + line(deepest(reason)),
        "sslrootcert names the authority that signed the server's certificate, the certificate must be for the host name in the URL, and the server needs ssl = on.",
        e);
  }

  private boolean wantsTls() {
    return !OPTIONAL_TLS.contains(sslMode());
  }

  private String sslMode() {
    String mode = PGProperty.SSL_MODE.getOrDefault(properties);
    String ssl = PGProperty.SSL.getOrDefault(properties);
    return mode != null ? mode : ssl != null && !ssl.equals("false") ? "verify-full" : "prefer";
  }

  private String user() {
    String user = PGProperty.USER.getOrDefault(properties);
    return user == null ? "" : " as '" + user + "'";
  }

  /** The innermost cause that says something. */
  static Throwable deepest(Throwable e) {
    Throwable found = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null
          && (cause instanceof SQLException
              || cause instanceof IOException
              || cause instanceof GeneralSecurityException)) {
        found = cause;
      }
    }
    return found;
  }

  /** Its message, in one line. */
  static String line(Throwable e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return text.replace('\n', ' ').replace('\r', ' ');
  }
}
