package io.github.barman4j.it.goals;

import io.github.barman4j.cluster.EmbeddedCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One call of Maven, as a process with a clean environment, that uses the local repository of the build. */
final class MavenCall {
  private static final long LIMIT_MINUTES = 5;
  private static final List<String> UNWANTED = List.of(
      "PGUSER",
      "PGPASSWORD",
      "PGPASSFILE",
      "BARMAN_PASSPHRASE",
      "BARMAN_NEW_PASSPHRASE",
      "MAVEN_ARGS",
      "MAVEN_OPTS",
      "GITHUB_STEP_SUMMARY");

  private final Path folder;
  private final List<String> arguments = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  private MavenCall(Path folder) {
    this.folder = folder;
  }

  /** @param output standard output and error, as they came */
  record Result(int exitCode, String output) {
    /** The first line of the error that Maven reports, without what Maven puts before it. */
    String firstErrorLine() {
      return output
          .lines()
          .filter(line -> line.contains("Failed to execute goal"))
          .findFirst()
          .map(line -> line.substring(line.indexOf("BRM-")))
          .orElse("none in:\n" + end());
    }

    /** Its last lines, to be shown when a test fails. */
    String end() {
      List<String> lines = output.lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
  }

  /** @param goal without prefix, for example {@code backup} */
  static MavenCall of(Path folder, String goal, String... arguments) {
    return in(folder).goal(goal).with(arguments);
  }

  /** The site of the project in a folder. */
  static MavenCall site(Path folder) {
    return in(folder).with("site");
  }

  private static MavenCall in(Path folder) {
    MavenCall call = new MavenCall(folder);
    return call.with(
        Path.of(property("barman.it.mavenHome"), "bin", "mvn").toString(),
        "-B",
        "-Dmaven.repo.local=" + property("barman.it.localRepository"));
  }

  /** One more goal, after those before it. */
  MavenCall goal(String goal) {
    return with(
        "io.github.barman4j:barman-maven-plugin:" + property("barman.it.version") + ":" + goal);
  }

  MavenCall with(String... more) {
    arguments.addAll(List.of(more));
    return this;
  }

  /** On this server, as its superuser, whose password is given in another way. */
  MavenCall on(EmbeddedCluster server) {
    return with("-Dbarman.url=" + server.jdbcUrl("postgres"), "-Dbarman.user=" + server.user());
  }

  MavenCall environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts Maven; its output goes to {@code output}. */
  Process start(Path output) {
    ProcessBuilder builder = new ProcessBuilder(arguments).directory(folder.toFile());
    UNWANTED.forEach(builder.environment()::remove);
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Result run() {
    try {
      Path output = Files.createTempFile("maven-call", ".log");
      try {
        Process process = start(output);
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
          process.destroy();
          throw new AssertionError(
              "Maven still runs after " + LIMIT_MINUTES + " minutes:\n" + Files.readString(output));
        }
        return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "-D" + name + " is not set: run the test with Maven, mvn verify -pl it -am");
    }
    return value;
  }
}
