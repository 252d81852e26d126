package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.PostgresVersion;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.jdbcurlresolver.PgPassParser;

/**
 * Opens connections to the first host of the settings that answers and has the role which {@code targetServerType} asks for.
 *
 * <p>The hosts are tried here and not by pgjdbc, because a pgpass file is matched host by host, and because the role can be seen
 * without SQL: a server reports {@code in_hot_standby} while it lets a client in (manual, 55.2.7, since 14).
 */
public final class ServerConnector {
  private final ConnectionSettings settings;
  private final String applicationName;
  private final Duration connectTimeout;
  private final Properties resolved;

  /** @param connectTimeout how long one host may take, unless the settings say it; at least a second */
  public ServerConnector(
      ConnectionSettings settings, String applicationName, Duration connectTimeout) {
    this.settings = settings;
    this.applicationName = applicationName;
    this.connectTimeout = connectTimeout;
    this.resolved = resolve(settings);
  }

  private static Properties resolve(ConnectionSettings settings) {
    Properties given = new Properties();
    settings.options().forEach(given::setProperty);
    if (settings.user() != null) {
      PGProperty.USER.set(given, settings.user());
    }
    boolean withPassword = settings.password() != null;
    if (settings.password() != null) {
      PGProperty.PASSWORD.set(given, settings.password().reveal());
    }
    Properties resolved = Driver.parseURL(settings.url(), given);
    if (resolved == null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "the JDBC driver cannot make sense of the server's URL for " + settings.hostAndPort(),
          "does the service exist in pg_service.conf, and is every port a number?");
    }
    ConnectionUrl url = ConnectionUrl.parse(settings.url());
    if (!withPassword
        && !url.options().containsKey(PGProperty.PASSWORD.getName())
        && !settings.options().containsKey(PGProperty.PASSWORD.getName())
        && !url.options().containsKey(PGProperty.SERVICE.getName())) {
      // It is from a pgpass file and was matched against all hosts in one; each is looked up alone.
      resolved.remove(PGProperty.PASSWORD.getName());
    }
    return resolved;
  }

  /** An ordinary connection, for SQL. */
  public ServerSession openSql() {
    return open(false);
  }

  ServerSession openReplication() {
    return open(true);
  }

  private ServerSession open(boolean replication) {
    ServerRole role = ServerRole.parse(
        PGProperty.TARGET_SERVER_TYPE.getOrDefault(resolved) == null
            ? "any"
            : String.valueOf(PGProperty.TARGET_SERVER_TYPE.getOrDefault(resolved)));
    List<String> reasons = new ArrayList<>();
    BarmanException last = null;
    for (ServerRole.Wanted wanted : role.passes()) {
      for (HostAddress host : hosts()) {
        try {
          ServerSession session = open(host, replication);
          if (wanted.accepts(session.standby())) {
            return session;
          }
          session.close();
          reasons.add(host + " is a " + (session.standby() ? "standby" : "primary"));
        } catch (BarmanException e) {
          if (last != null) {
            e.addSuppressed(last);
          }
          last = e;
          reasons.add(host + ": " + e.problem());
        }
      }
    }
    throw noneWillDo(reasons, last);
  }

  private BarmanException noneWillDo(List<String> reasons, @Nullable BarmanException last) {
    if (last != null && reasons.size() == 1) {
      return last;
    }
    return new BarmanException(
        last == null ? ErrorCode.CONNECTION_FAILED : last.code(),
        "no host of " + settings.hostAndPort() + " will do: " + String.join("; ", reasons),
        last == null ? "does targetServerType ask for what you have?" : last.hint(),
        last);
  }

  private List<HostAddress> hosts() {
    String[] names = String.valueOf(PGProperty.PG_HOST.getOrDefault(resolved)).split(",");
    String[] ports = String.valueOf(PGProperty.PG_PORT.getOrDefault(resolved)).split(",");
    List<HostAddress> hosts = new ArrayList<>();
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      boolean bracketed = name.startsWith("[") && name.endsWith("]");
      hosts.add(new HostAddress(
          bracketed ? name.substring(1, name.length() - 1) : name, Integer.parseInt(ports[i])));
    }
    if (PGProperty.LOAD_BALANCE_HOSTS.getBoolean(resolved)) {
      Collections.shuffle(hosts);
    }
    return hosts;
  }

  private ServerSession open(HostAddress host, boolean replication) {
    Properties properties = properties(host, replication);
    ConnectFailure failure = new ConnectFailure(host, properties, replication);
    try (SocketCapture capture = SocketCapture.begin()) {
      properties.setProperty(ConnectionOptions.CAPTURE, capture.name());
      Connection connection;
      try {
        connection = new Driver().connect(url(host), properties);
      } catch (SQLException e) {
        throw failure.translate(e, capture);
      }
      if (connection == null) {
        throw new IllegalStateException("pgjdbc does not take its own URL");
      }
      try {
        return session(connection, capture, host);
      } catch (SQLException e) {
        throw failure.translate(e, capture);
      }
    }
  }

  private ServerSession session(Connection connection, SocketCapture capture, HostAddress host)
      throws SQLException {
    DatabaseMetaData metaData = connection.getMetaData();
    PostgresVersion version = new PostgresVersion(
        metaData.getDatabaseMajorVersion() * 10_000 + metaData.getDatabaseMinorVersion());
    if (!version.isSupported()) {
      connection.close();
      throw new BarmanException(
          ErrorCode.SERVER_VERSION_UNSUPPORTED,
          "the server at " + host + " is PostgreSQL " + version,
          "the engine works with PostgreSQL " + PostgresVersion.OLDEST_SUPPORTED_MAJOR
              + " and later; upgrade the server.");
    }
    boolean standby =
        "on".equals(connection.unwrap(PGConnection.class).getParameterStatus("in_hot_standby"));
    return ServerSession.of(connection, capture, settings.at(host), host, version, standby);
  }

  private String url(HostAddress host) {
    String database = PGProperty.PG_DBNAME.getOrDefault(resolved);
    String encoded = database == null
        ? ""
        : URLEncoder.encode(database, StandardCharsets.UTF_8).replace("+", "%20");
    return "jdbc:postgresql://" + host + "/" + encoded;
  }

  private Properties properties(HostAddress host, boolean replication) {
    Properties p = new Properties();
    p.putAll(resolved);
    for (PGProperty ours : List.of(
        PGProperty.PG_HOST,
        PGProperty.PG_PORT,
        PGProperty.TARGET_SERVER_TYPE,
        PGProperty.LOAD_BALANCE_HOSTS)) {
      p.remove(ours.getName());
    }
    PGProperty.APPLICATION_NAME.set(p, applicationName);
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(
        p, String.valueOf(PostgresVersion.OLDEST_SUPPORTED_MAJOR));
    PGProperty.GSS_ENC_MODE.set(p, "disable");
    String seconds = String.valueOf(Math.max(1, connectTimeout.toSeconds()));
    p.putIfAbsent(PGProperty.CONNECT_TIMEOUT.getName(), seconds);
    // Without it a host that accepts the connection and says nothing would never be given up.
    p.putIfAbsent(PGProperty.SOCKET_TIMEOUT.getName(), seconds);
    p.putIfAbsent(PGProperty.TCP_KEEP_ALIVE.getName(), "true");
    capture(p);
    if (replication) {
      PGProperty.REPLICATION.set(p, "true");
      PGProperty.PREFER_QUERY_MODE.set(p, "simple");
      p.remove(PGProperty.READ_ONLY.getName());
      // It would end a connection that waits for its backup or its next timeline.
      String options = PGProperty.OPTIONS.getOrDefault(p);
      PGProperty.OPTIONS.set(
          p, "-c idle_session_timeout=0" + (options == null ? "" : " " + options));
      passwordForReplication(p, host);
    }
    return p;
  }

  private static void capture(Properties p) {
    String socketFactory = PGProperty.SOCKET_FACTORY.getOrDefault(p);
    if (socketFactory != null) {
      p.setProperty(ConnectionOptions.OWN_SOCKET_FACTORY, socketFactory);
    }
    PGProperty.SOCKET_FACTORY.set(p, CapturingSocketFactory.class.getName());
    String sslFactory = p.getProperty(PGProperty.SSL_FACTORY.getName());
    if (sslFactory == null || sslFactory.endsWith(".LibPQFactory")) {
      PGProperty.SSL_FACTORY.set(p, CapturingLibPqFactory.class.getName());
    } else {
      p.setProperty(ConnectionOptions.OWN_SSL_FACTORY, sslFactory);
      PGProperty.SSL_FACTORY.set(p, CapturingSslFactory.class.getName());
    }
  }

  /**
   * A pgpass file may have an entry of its own for replication (manual, 34.16), which pgjdbc does not look for. An entry for the
   * database is pgjdbc's own business.
   */
  private static void passwordForReplication(Properties p, HostAddress host) {
    if (PGProperty.PASSWORD.getOrDefault(p) == null) {
      String password = PgPassParser.getPassword(
          host.host(), String.valueOf(host.port()), "replication", PGProperty.USER.getOrDefault(p));
      if (password != null && !password.isEmpty()) {
        PGProperty.PASSWORD.set(p, password);
      }
    }
  }
}
