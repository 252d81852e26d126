package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.codehaus.plexus.configuration.PlexusConfiguration;

/**
 * Refuses a {@code -Dbarman.…} that no goal knows. Maven ignores such a property, and a misspelt {@code barman.targetTime} would
 * restore something else.
 */
final class KnownProperties {
  private static final String PREFIX = "barman.";
  private static final List<String> SECRETS =
      List.of("barman.password", Passphrases.PROPERTY, Passphrases.NEW_PROPERTY);
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{(barman\\.[A-Za-z.]+)}");

  private KnownProperties() {}

  static void check(PluginDescriptor plugin, Properties session) {
    TreeSet<String> known = new TreeSet<>(SECRETS);
    for (MojoDescriptor goal : plugin.getMojos()) {
      PlexusConfiguration parameters = goal.getMojoConfiguration();
      for (int i = 0; i < parameters.getChildCount(); i++) {
        Matcher expression =
            EXPRESSION.matcher(String.valueOf(parameters.getChild(i).getValue()));
        if (expression.matches()) {
          known.add(expression.group(1));
        }
      }
    }
    check(known, session);
  }

  static void check(TreeSet<String> known, Properties session) {
    for (String name : session.stringPropertyNames()) {
      if (name.startsWith(PREFIX) && !known.contains(name)) {
        String wanted = known.stream()
            .filter(candidate -> candidate.equalsIgnoreCase(name))
            .findFirst()
            .map(candidate -> "write " + candidate)
            .orElse("mvn barman:help -Ddetail lists the properties of this release");
        throw new BarmanException(
            ErrorCode.INVALID_CONFIGURATION, "no goal has a property " + name, wanted);
      }
    }
  }
}
