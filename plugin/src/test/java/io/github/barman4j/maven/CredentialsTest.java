package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.util.List;
import java.util.Properties;
import org.apache.maven.model.Plugin;
import org.apache.maven.settings.Proxy;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsProblem;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CredentialsTest {
  private final Properties session = new Properties();
  private final Properties project = new Properties();
  private final Properties system = new Properties();
  private final Settings settings = new Settings();
  private @Nullable SettingsProblem problem;

  @Test
  void haveNothingWhenNothingIsGiven() {
    assertThat(find(null, null)).isEqualTo(new Credentials(null, null));
  }

  @Test
  void preferThePropertyOfTheSession() {
    session.setProperty("barman.password", "from -D");
    project.setProperty("barman.password", "from the POM");
    system.setProperty("env.PGPASSWORD", "from the environment");
    addServer("db", "alice", "from settings");
    assertThat(password(find("alice", "db"))).isEqualTo("from -D");
    session.clear();
    assertThat(password(find("alice", "db"))).isEqualTo("from the POM");
  }

  @Test
  void preferTheNamedServerToTheEnvironment() {
    system.setProperty("env.PGUSER", "bob");
    system.setProperty("env.PGPASSWORD", "from the environment");
    addServer("db", "alice", "from settings");
    assertThat(find(null, "db").user()).isEqualTo("alice");
    assertThat(password(find(null, "db"))).isEqualTo("from settings");
    assertThat(find(null, null).user()).isEqualTo("bob");
    assertThat(password(find(null, null))).isEqualTo("from the environment");
  }

  @Test
  void neverGiveOneUserThePasswordOfAnother() {
    addServer("db", "alice", "secret");
    assertThatThrownBy(() -> find("bob", "db"))
        .hasMessageContaining("'bob'")
        .hasMessageContaining("'alice'");
  }

  @Test
  void refuseAServerThatSettingsDoNotHave() {
    assertThatThrownBy(() -> find(null, "db"))
        .hasMessageContaining("settings.xml has no server 'db'");
  }

  @Test
  void refuseTheCipherTextThatMavenReturnsWhenItCannotDecrypt() {
    addServer("db", "alice", "{jSMOWnoPFgsHVpMvz5VrIt5kRbzGpI8u+9EF1iFQyJQ=}");
    problem = new DefaultSettingsProblem(
        "cannot decrypt", SettingsProblem.Severity.ERROR, "db", -1, -1, null);
    assertThatThrownBy(() -> find(null, "db")).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.SECRET_UNREADABLE);
      assertThat(e.getMessage()).doesNotContain("jSMOWnoPFgs");
    });
  }

  @Test
  void showNoPassword() {
    session.setProperty("barman.password", "hunter2");
    assertThat(find("alice", null).toString()).contains("alice").doesNotContain("hunter2");
  }

  @Test
  void refuseAPasswordInThePluginsConfiguration() {
    Xpp3Dom configuration = new Xpp3Dom("configuration");
    Xpp3Dom password = new Xpp3Dom("password");
    password.setValue("hunter2");
    configuration.addChild(password);
    Plugin plugin = new Plugin();
    SecretsInPom.refuse(plugin);
    plugin.setConfiguration(configuration);
    assertThatThrownBy(() -> SecretsInPom.refuse(plugin))
        .hasMessageContaining("<password>")
        .hasMessageNotContaining("hunter2");
  }

  private Credentials find(@Nullable String user, @Nullable String serverId) {
    SettingsDecrypter decrypter = request ->
        new Decrypted(request.getServers().get(0), problem == null ? List.of() : List.of(problem));
    return Credentials.find(
        user, serverId, new Lookup(session, project, system), settings, decrypter);
  }

  private static @Nullable String password(Credentials credentials) {
    Secret password = credentials.password();
    return password == null ? null : password.reveal();
  }

  private void addServer(String id, String user, String password) {
    Server server = new Server();
    server.setId(id);
    server.setUsername(user);
    server.setPassword(password);
    settings.addServer(server);
  }

  private record Decrypted(Server getServer, List<SettingsProblem> getProblems)
      implements SettingsDecryptionResult {
    @Override
    public List<Server> getServers() {
      return List.of(getServer);
    }

    @Override
    public Proxy getProxy() {
      throw new UnsupportedOperationException("proxy");
    }

    @Override
    public List<Proxy> getProxies() {
      return List.of();
    }
  }
}
