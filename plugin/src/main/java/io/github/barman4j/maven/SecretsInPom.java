package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.model.ConfigurationContainer;
import org.apache.maven.model.Plugin;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.util.xml.Xpp3Dom;

/**
 * Refuses a password in the plugin's {@code <configuration>}. It is no parameter, so Maven would ignore it without a word, and
 * the reader would look for the fault in the server.
 */
final class SecretsInPom {
  private static final List<String> NAMES =
      List.of("password", "encryptionPassphrase", "newEncryptionPassphrase");

  private SecretsInPom() {}

  /** @param plugin this one, whose configuration on the command line Maven does not hand to the goal */
  static void refuse(MavenProject project, Plugin plugin) {
    refuse(plugin);
    Plugin configured = project.getPlugin(plugin.getKey());
    if (configured != null) {
      refuse(configured);
    }
  }

  static void refuse(Plugin plugin) {
    Stream.concat(Stream.of(plugin), plugin.getExecutions().stream())
        .map(ConfigurationContainer::getConfiguration)
        .filter(Xpp3Dom.class::isInstance)
        .map(Xpp3Dom.class::cast)
        .forEach(SecretsInPom::refuse);
  }

  private static void refuse(Xpp3Dom configuration) {
    for (String name : NAMES) {
      if (configuration.getChild(name) != null) {
        throw new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "the POM configures <" + name
                + ">, which is no parameter, because Maven prints parameters with -X",
            "keep it in settings.xml and name its server with <serverId>, or set the environment's variable");
      }
    }
  }
}
