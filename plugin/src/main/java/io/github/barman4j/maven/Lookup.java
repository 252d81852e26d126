package io.github.barman4j.maven;

import java.util.Properties;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.project.MavenProject;
import org.jspecify.annotations.Nullable;

/**
 * Where the values are found that are no parameters of a goal, because Maven prints parameters with {@code -X}.
 *
 * @param session the session's user properties ({@code -D}), which win
 * @param project the project's properties: its POM's and those of active profiles, settings.xml's too
 * @param system the system properties, where the environment's variables are {@code env.NAME}
 */
record Lookup(Properties session, Properties project, Properties system) {

  static Lookup of(MavenSession session, MavenProject project) {
    return new Lookup(
        session.getUserProperties(), project.getProperties(), session.getSystemProperties());
  }

  @Nullable
  String property(String name) {
    String value = session.getProperty(name);
    return value != null ? value : project.getProperty(name);
  }

  @Nullable
  String environment(String name) {
    return system.getProperty("env." + name);
  }
}
