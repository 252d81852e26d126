package io.github.barman4j.maven;

import io.github.barman4j.Secret;
import java.util.Optional;
import org.apache.maven.settings.Server;
import org.jspecify.annotations.Nullable;

/**
 * The passphrase of an encrypted repository. The first place that has one gives it: {@code barman.encryptionPassphrase}; the {@code
 * <passphrase>} of the {@code <server>} of settings.xml that {@code barman.serverId} names; the environment's {@code BARMAN_PASSPHRASE}.
 */
final class Passphrases {
  static final String PROPERTY = "barman.encryptionPassphrase";
  static final String NEW_PROPERTY = "barman.newEncryptionPassphrase";

  private static final String VARIABLE = "BARMAN_PASSPHRASE";
  private static final String NEW_VARIABLE = "BARMAN_NEW_PASSPHRASE";

  private Passphrases() {}

  /** @param server decrypted */
  static Optional<Secret> current(Lookup lookup, @Nullable Server server) {
    return secret(lookup.property(PROPERTY))
        .or(() -> secret(server == null ? null : server.getPassphrase()))
        .or(() -> secret(lookup.environment(VARIABLE)));
  }

  /** The one that shall take its place. */
  static Optional<Secret> next(Lookup lookup) {
    return secret(lookup.property(NEW_PROPERTY)).or(() -> secret(lookup.environment(NEW_VARIABLE)));
  }

  private static Optional<Secret> secret(@Nullable String text) {
    return Optional.ofNullable(text).map(Secret::of);
  }
}
