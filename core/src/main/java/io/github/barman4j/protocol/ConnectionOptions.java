package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/** Which of pgjdbc's options a user may set, and the names of those that carry the socket's capture. */
final class ConnectionOptions {
  /** Not pgjdbc's: they travel in its properties to {@link CapturingSocketFactory} and its kin. */
  static final String CAPTURE = "barman.capture";

  static final String OWN_SOCKET_FACTORY = "barman.socketFactory";
  static final String OWN_SSL_FACTORY = "barman.sslfactory";

  private static final Map<String, String> ENGINE_SETS = new TreeMap<>(Map.of(
      "replication", "the engine opens ordinary and replication connections as it needs them",
      "preferQueryMode", "replication connections know the simple query mode only",
      "assumeMinServerVersion", "the engine works with PostgreSQL 15 and later",
      "ApplicationName", "the server finds the engine's connections by it",
      "gssEncMode", "the engine cannot stream through GSS encryption; use sslmode"));

  private ConnectionOptions() {}

  /** Refuses what the engine sets itself, and what nobody would ever read. */
  static void check(Map<String, String> options) {
    boolean extended = options.containsKey(PGProperty.SOCKET_FACTORY.getName())
        || options.containsKey(PGProperty.SSL_FACTORY.getName())
        || options.containsKey(PGProperty.AUTHENTICATION_PLUGIN_CLASS_NAME.getName());
    for (String name : options.keySet()) {
      String why = ENGINE_SETS.get(name);
      if (why != null) {
        throw refused("the connection option '" + name + "' is set by the engine", why + ".");
      }
      if (name.startsWith("barman.") || (!extended && PGProperty.forName(name) == null)) {
        throw refused("the connection option '" + name + "' is unknown", known(name));
      }
    }
    String serverType = options.getOrDefault(PGProperty.TARGET_SERVER_TYPE.getName(), "any");
    ServerRole.parse(serverType);
  }

  private static String known(String name) {
    for (PGProperty property : PGProperty.values()) {
      if (property.getName().equalsIgnoreCase(name)) {
        return "upper and lower case count: write '" + property.getName() + "'.";
      }
    }
    String begin = name.substring(0, Math.min(3, name.length())).toLowerCase(Locale.ROOT);
    String near = Arrays.stream(PGProperty.values())
        .map(PGProperty::getName)
        .filter(n -> n.toLowerCase(Locale.ROOT).startsWith(begin))
        .sorted()
        .collect(Collectors.joining(", "));
    return near.isEmpty()
        ? "the options are those of the PostgreSQL JDBC driver."
        : "options of the PostgreSQL JDBC driver that begin alike: " + near + ".";
  }

  private static BarmanException refused(String problem, String hint) {
    return new BarmanException(ErrorCode.INVALID_CONFIGURATION, problem, hint);
  }
}
