package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * A goal that needs the live server.
 *
 * <p>The password is no parameter, because Maven prints parameters with <code>-X</code>: {@link Credentials}.
 */
abstract class ServerMojo extends RepositoryMojo {
  private static final List<String> SECRET_OPTIONS = List.of("password", "sslpassword");

  /**
   * The server: <code>jdbc:postgresql://host:port/database</code>, with any pgjdbc option but those that the engine sets
   * itself and those that hold a secret.
   */
  @Parameter(property = "barman.url")
  private @Nullable String url;

  /** The role, which needs the REPLICATION attribute. By default that of <code>serverId</code>, then <code>PGUSER</code>. */
  @Parameter(property = "barman.user")
  private @Nullable String user;

  final EngineConfiguration configuration() {
    return configuration(connection()
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "no server is named",
            "set barman.url: -Dbarman.url=jdbc:postgresql://localhost:5432/postgres")));
  }

  /** Empty when no server is named. */
  final Optional<ServerConnection> connection() {
    return ParameterValue.of("barman.url", url).map(ParameterValue::text).map(given -> {
      refuseSecrets(given);
      Credentials credentials = credentials(text("barman.user", user), serverId());
      return new ServerConnection(given, credentials.user(), credentials.password());
    });
  }

  private static void refuseSecrets(String url) {
    for (String option : url.substring(url.indexOf('?') + 1).split("&")) {
      String name = option.substring(0, Math.max(0, option.indexOf('='))).toLowerCase(Locale.ROOT);
      if (url.contains("?") && SECRET_OPTIONS.contains(name)) {
        throw new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "barman.url holds a secret in its option '" + name + "', and Maven prints it with -X",
            name.equals("password")
                ? "name a server of settings.xml with barman.serverId, or set PGPASSWORD"
                : "keep the key in a file that only this user may read, without a passphrase");
      }
    }
  }
}
