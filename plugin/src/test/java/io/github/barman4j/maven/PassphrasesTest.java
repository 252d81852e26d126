package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.Secret;
import java.util.Optional;
import java.util.Properties;
import org.apache.maven.settings.Server;
import org.junit.jupiter.api.Test;

class PassphrasesTest {
  private final Properties session = new Properties();
  private final Properties project = new Properties();
  private final Properties system = new Properties();
  private final Lookup lookup = new Lookup(session, project, system);

  @Test
  void areNoneWhenNoneIsGiven() {
    assertThat(Passphrases.current(lookup, null)).isEmpty();
    assertThat(Passphrases.current(lookup, new Server())).isEmpty();
    assertThat(Passphrases.next(lookup)).isEmpty();
  }

  @Test
  void preferThePropertyThenSettingsThenTheEnvironment() {
    session.setProperty("barman.encryptionPassphrase", "from -D");
    project.setProperty("barman.encryptionPassphrase", "from the POM");
    system.setProperty("env.BARMAN_PASSPHRASE", "from the environment");
    Server server = new Server();
    server.setPassphrase("from settings");
    assertThat(text(Passphrases.current(lookup, server))).isEqualTo("from -D");
    session.clear();
    assertThat(text(Passphrases.current(lookup, server))).isEqualTo("from the POM");
    project.clear();
    assertThat(text(Passphrases.current(lookup, server))).isEqualTo("from settings");
    assertThat(text(Passphrases.current(lookup, null))).isEqualTo("from the environment");
  }

  @Test
  void neverTakeTheOldOneForTheNewOne() {
    session.setProperty("barman.encryptionPassphrase", "old");
    system.setProperty("env.BARMAN_PASSPHRASE", "old");
    assertThat(Passphrases.next(lookup)).isEmpty();
    system.setProperty("env.BARMAN_NEW_PASSPHRASE", "from the environment");
    assertThat(text(Passphrases.next(lookup))).isEqualTo("from the environment");
    session.setProperty("barman.newEncryptionPassphrase", "from -D");
    assertThat(text(Passphrases.next(lookup))).isEqualTo("from -D");
  }

  private static String text(Optional<Secret> secret) {
    return secret.map(Secret::reveal).orElse("none");
  }
}
