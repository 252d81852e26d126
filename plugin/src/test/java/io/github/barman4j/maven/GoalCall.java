package io.github.barman4j.maven;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.maven.execution.DefaultMavenExecutionRequest;
import org.apache.maven.execution.DefaultMavenExecutionResult;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Model;
import org.apache.maven.model.Plugin;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.descriptor.MojoDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugin.descriptor.PluginDescriptorBuilder;
import org.apache.maven.project.MavenProject;
import org.codehaus.plexus.configuration.PlexusConfiguration;
import org.codehaus.plexus.configuration.PlexusConfigurationException;
import org.eclipse.aether.RepositorySystemSession;
import org.jspecify.annotations.Nullable;

/**
 * Runs a goal as Maven does, configured from the generated plugin.xml, inside the test: in a folder without a POM, with no settings
 * and an empty environment.
 */
public final class GoalCall {
  private final String goal;
  private final Path folder;
  private final Properties user = new Properties();
  private final Properties system = new Properties();
  final RecordingLog log = new RecordingLog();

  /**
   * @param goal without prefix
   * @param properties as on the command line, without {@code -D}
   */
  public GoalCall(String goal, Path folder, String... properties) {
    this.goal = goal;
    this.folder = folder;
    with(properties);
    List.of("user.home", "os.name", "os.arch")
        .forEach(name -> system.setProperty(name, System.getProperty(name)));
  }

  /** More properties; a later one wins. */
  public GoalCall with(String... properties) {
    Arrays.stream(properties)
        .map(property -> property.split("=", 2))
        .forEach(property -> user.setProperty(property[0], property[1]));
    return this;
  }

  /** A variable of the environment. */
  public GoalCall environment(String name, String value) {
    system.setProperty("env." + name, value);
    return this;
  }

  /** What the goal has logged, as {@code LEVEL text}. */
  public List<String> lines() {
    return log.lines;
  }

  public static PluginDescriptor descriptor() {
    try (InputStream in = GoalCall.class.getResourceAsStream("/META-INF/maven/plugin.xml");
        Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      return new PluginDescriptorBuilder().build(reader);
    } catch (IOException | PlexusConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** @throws org.apache.maven.plugin.AbstractMojoExecutionException what Maven would report */
  public void run() throws Exception {
    MojoDescriptor descriptor = descriptor().getMojo(goal);
    BarmanMojo mojo = (BarmanMojo)
        Class.forName(descriptor.getImplementation()).getDeclaredConstructor().newInstance();
    mojo.setLog(log);
    PlexusConfiguration parameters = descriptor.getMojoConfiguration();
    for (int i = 0; i < parameters.getChildCount(); i++) {
      PlexusConfiguration parameter = parameters.getChild(i);
      String expression = String.valueOf(parameter.getValue());
      String fallback = parameter.getAttribute("default-value");
      String value = expression.startsWith("${barman.")
          ? user.getProperty(expression.substring(2, expression.length() - 1), fallback)
          : null;
      if (value != null) {
        boolean isList = parameter.getAttribute("implementation").equals("java.util.List");
        set(mojo, parameter.getName(), isList ? List.of(value.split(",")) : value);
      }
    }
    set(mojo, "session", session());
    set(mojo, "project", new MavenProject(new Model()));
    MojoExecution execution = new MojoExecution(new Plugin(), goal, "default-cli");
    descriptor.getPluginDescriptor().setPlugin(execution.getPlugin());
    execution.setMojoDescriptor(descriptor);
    set(mojo, "execution", execution);
    mojo.execute();
  }

  private MavenSession session() {
    DefaultMavenExecutionRequest request = new DefaultMavenExecutionRequest();
    request.setUserProperties(user);
    request.setBaseDirectory(folder.toFile());
    request.setSystemProperties(system);
    return new MavenSession(
        null, (@Nullable RepositorySystemSession) null, request, new DefaultMavenExecutionResult());
  }

  private static void set(BarmanMojo mojo, String name, Object value)
      throws IllegalAccessException {
    for (Class<?> type = mojo.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          field.set(mojo, value);
          return;
        }
      }
    }
    throw new IllegalStateException(mojo.getClass() + " has no field " + name);
  }
}
