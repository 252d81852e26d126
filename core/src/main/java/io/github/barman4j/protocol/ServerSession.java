package io.github.barman4j.protocol;

import io.github.barman4j.postgres.PostgresVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.PGConnection;

/**
 * A connection that is open and let in, with the sockets under it.
 *
 * @param connection pgjdbc's; to be kept reachable as long as the sockets are used, for pgjdbc closes them once it is garbage
 * @param plain the TCP socket
 * @param socket the one to read from and write to: TLS over {@code plain}, or {@code plain} itself
 * @param settings those of the host that answered, alone
 * @param standby whether the server was in recovery when it let us in
 */
public record ServerSession(
    Connection connection,
    Socket plain,
    Socket socket,
    ConnectionSettings settings,
    HostAddress host,
    PostgresVersion version,
    boolean standby)
    implements AutoCloseable {

  static ServerSession of(
      Connection connection,
      SocketCapture capture,
      ConnectionSettings settings,
      HostAddress host,
      PostgresVersion version,
      boolean standby) {
    Socket plain = capture.plain();
    if (plain == null) {
      throw new IllegalStateException("pgjdbc connected without its socket factory");
    }
    Socket tls = capture.tls();
    return new ServerSession(
        connection, plain, tls == null ? plain : tls, settings, host, version, standby);
  }

  /** Whether both ends are on one machine, so that the network costs nothing. */
  public boolean local() {
    InetAddress remote = plain.getInetAddress();
    return remote == null || remote.isLoopbackAddress() || remote.equals(plain.getLocalAddress());
  }

  public boolean encrypted() {
    return socket != plain;
  }

  /** The server's process that serves it, as pg_stat_activity lists it. */
  public int process() {
    try {
      return connection.unwrap(PGConnection.class).getBackendPID();
    } catch (SQLException e) {
      throw new IllegalStateException("the connection is not pgjdbc's", e);
    }
  }

  /** Says goodbye and closes; pgjdbc waits a second at most. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // The socket was broken already, and is closed now.
      abandon();
    }
  }

  private void abandon() {
    try {
      plain.close();
    } catch (IOException e) {
      System.getLogger(ServerSession.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a broken socket", e);
    }
  }

  /** How long the server may be silent: the user's socketTimeout, or else what is given. */
  public Duration silence(Duration otherwise) {
    String text = ConnectionUrl.parse(settings.url()).options().get("socketTimeout");
    text = text == null ? settings.options().get("socketTimeout") : text;
    return text == null || !text.matches("[1-9][0-9]{0,6}")
        ? otherwise
        : Duration.ofSeconds(Integer.parseInt(text));
  }
}
