package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pgjdbc URL, taken apart. pgjdbc writes a malformed one to its log, passwords included, so it never sees one.
 *
 * @param authority hosts with ports, as they stand in the URL; empty where the URL leaves them to pgjdbc
 * @param database empty where the URL leaves it to pgjdbc
 * @param options names and decoded values, in their order
 */
record ConnectionUrl(String authority, String database, Map<String, String> options) {
  private static final String SCHEME = "jdbc:postgresql:";
  private static final int DEFAULT_PORT = 5432;
  private static final Set<String> OWN_PARTS = Set.of("host", "port", "dbname");

  static ConnectionUrl parse(String url) {
    if (!url.startsWith(SCHEME)) {
      throw malformed("it does not begin with " + SCHEME);
    }
    int question = url.indexOf('?');
    String place = url.substring(SCHEME.length(), question < 0 ? url.length() : question);
    Map<String, String> options = options(question < 0 ? "" : url.substring(question + 1));
    if (!place.startsWith("//")) {
      if (place.startsWith("/")) {
        throw malformed("one slash before the host");
      }
      return new ConnectionUrl("", decode(place), options);
    }
    int slash = place.indexOf('/', 2);
    String authority = slash < 0 ? place.substring(2) : place.substring(2, slash);
    String database = slash < 0 ? "" : place.substring(slash + 1);
    if (database.indexOf('/') >= 0) {
      throw malformed("a slash in the database's name, write it as %2F");
    }
    if (authority.indexOf('@') >= 0) {
      throw malformed("pgjdbc knows no user before the host, use the option user");
    }
    ConnectionUrl parsed = new ConnectionUrl(authority, decode(database), options);
    parsed.hosts();
    return parsed;
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String part : query.split("&")) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : decode(part.substring(equals + 1));
      String canonical = OWN_PARTS.contains(name) ? "PG" + name.toUpperCase(Locale.ROOT) : name;
      if (options.put(canonical, value) != null) {
        throw malformed("the option '" + name + "' is there twice");
      }
    }
    return options;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("a '%' that is not followed by two hexadecimal digits");
    }
  }

  /** The hosts in their order; empty where the URL leaves them to pgjdbc. */
  List<HostAddress> hosts() {
    List<HostAddress> hosts = new ArrayList<>();
    if (!authority.isEmpty()) {
      for (String part : authority.split(",", -1)) {
        hosts.add(host(part));
      }
    }
    return hosts;
  }

  private static HostAddress host(String part) {
    int colon = part.lastIndexOf(':');
    String host = part;
    int port = DEFAULT_PORT;
    if (colon >= 0 && part.lastIndexOf(']') < colon) {
      host = part.substring(0, colon);
      port = port(part.substring(colon + 1));
    }
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw malformed("an IPv6 address without brackets");
    }
    return new HostAddress(host.isEmpty() ? "localhost" : host, port);
  }

  private static int port(String text) {
    if (text.matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text);
      if (port >= 1 && port <= 65535) {
        return port;
      }
    }
    throw malformed("the port '" + text + "' is not a number from 1 to 65535");
  }

  ConnectionUrl at(HostAddress host) {
    Map<String, String> kept = new LinkedHashMap<>(options);
    kept.remove("PGHOST");
    kept.remove("PGPORT");
    return new ConnectionUrl(host.toString(), database, kept);
  }

  /** The same hosts and options for another database. */
  ConnectionUrl in(String name) {
    Map<String, String> kept = new LinkedHashMap<>(options);
    kept.remove("PGDBNAME");
    return new ConnectionUrl(authority, name, kept);
  }

  /** For messages: no option, so no secret. */
  String hostAndPort() {
    List<HostAddress> hosts = hosts();
    if (!hosts.isEmpty()) {
      return hosts.stream().map(HostAddress::toString).collect(Collectors.joining(","));
    }
    if (options.containsKey("service")) {
      return "service " + options.get("service");
    }
    return options.getOrDefault("PGHOST", "localhost")
        + ":"
        + options.getOrDefault("PGPORT", String.valueOf(DEFAULT_PORT));
  }

  /** The URL again; it may hold a password. */
  @Override
  public String toString() {
    StringBuilder url = new StringBuilder(SCHEME).append("//").append(authority).append('/');
    url.append(encode(database));
    char separator = '?';
    for (Map.Entry<String, String> option : options.entrySet()) {
      url.append(separator).append(option.getKey()).append('=').append(encode(option.getValue()));
      separator = '&';
    }
    return url.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static BarmanException malformed(String why) {
    return new BarmanException(
        ErrorCode.INVALID_CONFIGURATION,
        "the server's URL cannot be read: " + why,
        "write jdbc:postgresql://host:port/database, options after a question mark.");
  }
}
