package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.maven.GoalCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugin.AbstractMojoExecutionException;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;

/** Calls goals inside the test, on one repository. */
final class CalledGoals {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final List<String> properties;

  private CalledGoals(Path folder, List<String> properties) {
    this.folder = folder;
    this.properties = properties;
  }

  /** With the repository {@code repository} in a folder, and no server. */
  static CalledGoals in(Path folder) {
    return new CalledGoals(folder, List.of("barman.repository=repository"));
  }

  /** The goals that open a repository and look for a backup in it. */
  static List<String> ofBackups() {
    return List.of(
        "list-backups",
        "show-backup",
        "list-files",
        "recoverable",
        "restore",
        "verify-backup",
        "heal-backup",
        "delete",
        "status");
  }

  CalledGoals with(String... more) {
    return new CalledGoals(
        folder, Stream.concat(properties.stream(), Stream.of(more)).toList());
  }

  /** On this server, as its superuser. */
  CalledGoals on(EmbeddedCluster server) {
    return on(server, server.user(), server.password().reveal());
  }

  CalledGoals on(EmbeddedCluster server, String role, String password) {
    return with(
        "barman.url=" + server.jdbcUrl("postgres"),
        "barman.user=" + role,
        "barman.password=" + password);
  }

  GoalCall call(String goal, String... more) {
    return new GoalCall(goal, folder, with(more).properties.toArray(String[]::new));
  }

  /** @return what the goal has logged */
  List<String> run(String goal, String... more) {
    GoalCall call = call(goal, more);
    Throwable failure = catchThrowable(call::run);
    assertThat(failure).as(goal).isNull();
    return call.lines();
  }

  /** The goal's answer as JSON; a bad outcome has one, too. */
  JsonNode answer(String goal, String... more) {
    Path file = folder.resolve("answer.json");
    catchThrowable(call(goal, more).with("barman.output=json", "barman.outputFile=" + file)::run);
    try {
      JsonNode answer = JSON.readTree(file.toFile());
      Files.delete(file);
      return answer;
    } catch (IOException e) {
      throw new AssertionError(goal + " has answered nothing", e);
    }
  }

  /** The message of a run that must break. */
  String broken(String goal, String... more) {
    return message(MojoExecutionException.class, goal, more);
  }

  /** The message of an outcome that must be bad. */
  String bad(String goal, String... more) {
    return message(MojoFailureException.class, goal, more);
  }

  private String message(
      Class<? extends AbstractMojoExecutionException> kind, String goal, String... more) {
    Throwable failure = catchThrowable(call(goal, more)::run);
    assertThat(failure).as(goal).isExactlyInstanceOf(kind);
    return String.valueOf(failure.getMessage());
  }
}
