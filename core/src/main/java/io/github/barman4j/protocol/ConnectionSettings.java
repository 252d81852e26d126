package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a server: a pgjdbc URL, and what is kept out of it.
 *
 * <p>Every option of pgjdbc works, in the URL or beside it, except those in {@link ConnectionOptions}. Nothing is looked up before a
 * connection is opened. The text form holds no secret.
 *
 * @param url {@code jdbc:postgresql://host:port,host:port/database?option=value}
 * @param user null leaves it to the URL, and there to pgjdbc, which takes the name of the operating system's user
 * @param password null leaves it to the URL, and there to pgjdbc, which reads a pgpass file
 * @param options pgjdbc's options that are not in the URL
 */
public record ConnectionSettings(
    String url, @Nullable String user, @Nullable Secret password, Map<String, String> options) {

  /**
   * Checks everything that can be checked without a connection.
   *
   * @throws BarmanException (INVALID_CONFIGURATION) when the URL is malformed, and when an option is unknown, given twice, or one
   *     that the engine sets itself
   */
  public ConnectionSettings {
    options = Map.copyOf(options);
    ConnectionUrl parsed = ConnectionUrl.parse(url);
    Map<String, String> all = new TreeMap<>(parsed.options());
    options.forEach((name, value) -> putOnce(all, name, value));
    if (user != null) {
      putOnce(all, "user", user);
    }
    if (password != null) {
      putOnce(all, "password", "");
    }
    ConnectionOptions.check(all);
  }

  public static ConnectionSettings of(
      String url, @Nullable String user, @Nullable Secret password) {
    return new ConnectionSettings(url, user, password, Map.of());
  }

  /** Without user and password: both are left to the URL and to pgjdbc. */
  public static ConnectionSettings of(String url) {
    return of(url, null, null);
  }

  /** These settings for one of the hosts alone. */
  public ConnectionSettings at(HostAddress host) {
    return new ConnectionSettings(
        ConnectionUrl.parse(url).at(host).toString(), user, password, options);
  }

  /** These settings for another database. */
  public ConnectionSettings inDatabase(String name) {
    return new ConnectionSettings(
        ConnectionUrl.parse(url).in(name).toString(), user, password, options);
  }

  /** Where the server listens, for messages: {@code db1:5432,db2:5432}; never a secret. */
  public String hostAndPort() {
    return ConnectionUrl.parse(url).hostAndPort();
  }

  /** The database that the URL names; without one, the user's name is the database, as everywhere. */
  public String database() {
    return ConnectionUrl.parse(url).database();
  }

  @Override
  public String toString() {
    return "ConnectionSettings[" + hostAndPort() + ", user=" + user + "]";
  }

  private static void putOnce(Map<String, String> all, String name, String value) {
    if (all.put(name, value) != null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "'" + name + "' is given in the URL and beside it",
          "leave one of the two out.");
    }
  }
}
