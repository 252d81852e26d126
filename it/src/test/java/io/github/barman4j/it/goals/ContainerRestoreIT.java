package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.it.TestDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The restore drill of a backup that is there, in a container. */
@Timeout(300)
class ContainerRestoreIT {
  private static final int MAJOR = 16;

  @TempDir
  private static Path shared;

  private static Production production;

  @TempDir
  private Path folder;

  @BeforeAll
  static void makeProduction() throws Exception {
    TestDocker.image("postgres:" + MAJOR);
    production = Production.at(shared.resolve("repository"), MAJOR);
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertThat(servers()).isEmpty();
    try (Stream<Path> left = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      assertThat(left.map(Path::getFileName).map(Path::toString))
          .noneMatch(name -> name.startsWith("barman-restore-"));
    }
  }

  @Test
  void isRestoredIntoAContainerThatReachesNothing() throws Exception {
    CopiedRepository.of(production.repository(), folder.resolve("repository"));
    CalledGoals goals = CalledGoals.in(folder)
        .with(
            "barman.encryptionPassphrase=" + Production.PASSPHRASE,
            "barman.drill.environment=docker");
    try (TaskGroup aside = TaskGroup.of("drill", 1, 0)) {
      Future<List<String>> running = aside.submit(() -> goals.run("drill", "barman.maxRpo=PT1H"));
      List<String> found = Awaitility.await()
          .pollInterval(Duration.ofMillis(100))
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> running.isDone() ? List.of("the drill was over") : servers(),
              seen -> !seen.isEmpty());
      assertThat(found).singleElement().satisfies(server -> {
        assertThat(docker("inspect", "--format", "{{.HostConfig.NetworkMode}}", server))
            .isEqualTo("none");
        assertThat(docker("inspect", "--format", "{{len .NetworkSettings.Ports}}", server))
            .isEqualTo("0");
        assertThat(
                docker("inspect", "--format", "{{range .Mounts}}{{println .Source}}{{end}}", server)
                    .lines())
            .as("of this machine's files")
            .allMatch(path -> path.contains("/barman-restore-"))
            .hasSize(2);
      });
      assertThat(TaskGroup.get(running)).anyMatch(line -> line.contains("(docker): 1 passed"));
    }
    JsonNode result = new ReportedDrill(folder).result();
    assertThat(result.get("verdict").asText()).isEqualTo("passed");
    assertThat(result.get("checks").findValuesAsText("name"))
        .containsExactly(
            "isolation",
            "newest-backup",
            "wal-end",
            "checksums",
            "amcheck",
            "full-read",
            "repository",
            "nothing-left");
    assertThat(result.at("/figures/rowsRead").asLong()).isGreaterThan(Production.ROWS);
  }

  @Test
  void refusesAnImageOfAnotherVersion() throws Exception {
    CopiedRepository.of(production.repository(), folder.resolve("repository"));
    TestDocker.image("postgres:18");
    assertThat(CalledGoals.in(folder)
            .with("barman.encryptionPassphrase=" + Production.PASSPHRASE)
            .broken(
                "drill",
                "barman.drill.environment=docker",
                "barman.drill.postgresImage=postgres:18"))
        .startsWith("BRM-613: the programs of image postgres:18 are PostgreSQL 18.")
        .contains("barman.drill.postgresImage");
  }

  /** The ids of the containers of restore drills. */
  private static List<String> servers() throws IOException {
    return docker("ps", "-a", "--format", "{{.ID}} {{.Label \"io.github.barman4j.drill\"}}")
        .lines()
        .filter(line -> line.contains(" barman-restore-"))
        .map(line -> line.substring(0, line.indexOf(' ')))
        .toList();
  }

  private static String docker(String... words) throws IOException {
    List<String> command = Stream.concat(Stream.of("docker"), Stream.of(words)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
