package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/**
 * The role and its password. The first that has a password gives it: {@code barman.password}; the {@code <server>} of
 * settings.xml that {@code barman.serverId} names; the environment's {@code PGPASSWORD}. Without any, pgjdbc looks into the
 * pgpass file.
 *
 * @param user null leaves it to the URL and the operating system
 */
record Credentials(@Nullable String user, @Nullable Secret password) {

  /**
   * @param user the parameter {@code barman.user}
   * @param serverId the parameter {@code barman.serverId}
   * @throws BarmanException when the server is not in settings.xml, cannot be decrypted, or is another user's
   */
  static Credentials find(
      @Nullable String user,
      @Nullable String serverId,
      Lookup lookup,
      Settings settings,
      SettingsDecrypter decrypter) {
    Credentials stored =
        serverId == null ? new Credentials(null, null) : ofServer(serverId, settings, decrypter);
    if (user != null && stored.user() != null && !user.equals(stored.user())) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "barman.user is '" + user + "', but server '" + serverId + "' of settings.xml is of '"
              + stored.user() + "'",
          "give one of the two; a password belongs to its user");
    }
    return new Credentials(
        first(user, stored.user(), lookup.environment("PGUSER")),
        first(
            secret(lookup.property("barman.password")),
            stored.password(),
            secret(lookup.environment("PGPASSWORD"))));
  }

  private static Credentials ofServer(
      String serverId, Settings settings, SettingsDecrypter decrypter) {
    Server server = SettingsServer.find(serverId, settings, decrypter);
    return new Credentials(server.getUsername(), secret(server.getPassword()));
  }

  private static @Nullable Secret secret(@Nullable String text) {
    return text == null || text.isEmpty() ? null : Secret.of(text);
  }

  @SafeVarargs
  private static <T> @Nullable T first(@Nullable T... candidates) {
    for (T candidate : candidates) {
      if (candidate != null) {
        return candidate;
      }
    }
    return null;
  }
}
