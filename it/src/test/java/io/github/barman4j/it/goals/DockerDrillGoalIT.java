package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.Poll;
import io.github.barman4j.it.TestDocker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The goal with {@code barman.drill.environment=docker}. */
@Timeout(180)
class DockerDrillGoalIT {
  @TempDir
  Path folder;

  @Test
  void saysAtOnceThatNoDockerAnswers() {
    MavenCall.Result result = MavenCall.of(folder, "drill", "-Dbarman.drill.environment=docker")
        .environment("DOCKER_HOST", "unix://" + folder.resolve("docker.sock"))
        .run();
    assertThat(result.exitCode()).as(result.end()).isEqualTo(1);
    assertThat(result.firstErrorLine())
        .startsWith("BRM-707: no Docker answers at unix://" + folder.resolve("docker.sock"));
    assertThat(result.output()).contains("barman.drill.environment=embedded");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void saysWhatToDoWithoutTheReapersImage() {
    TestDocker.newest();
    MavenCall.Result result = MavenCall.of(folder, "drill", "-Dbarman.drill.environment=docker")
        .environment("TESTCONTAINERS_RYUK_DISABLED", "false")
        .environment("TESTCONTAINERS_RYUK_CONTAINER_IMAGE", "127.0.0.1:1/nobody/ryuk:1")
        .environment("TESTCONTAINERS_PULL_TIMEOUT", "1")
        .run();
    assertThat(result.exitCode()).as(result.end()).isEqualTo(1);
    assertThat(result.firstErrorLine())
        .startsWith("BRM-707: Docker cannot be used: ")
        .contains("127.0.0.1:1/nobody/ryuk:1");
    assertThat(result.output()).contains("TESTCONTAINERS_RYUK_DISABLED=true");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void leavesNothingWhenItIsInterrupted() throws IOException, InterruptedException {
    TestDocker.newest();
    // The server's account must be able to enter.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path output = Files.createFile(folder.resolve("output"));
    Process process = MavenCall.of(
            folder,
            "drill",
            "-Dbarman.drill.environment=docker",
            "-Dbarman.drill.postgresImage=postgres:18",
            "-Dbarman.drill.toxiproxyImage=" + TestDocker.toxiproxy(),
            "-Dbarman.drill.scenarios=S17",
            "-Dbarman.drill.writers=2")
        .environment("MAVEN_OPTS", "-Djava.io.tmpdir=" + folder)
        .start(output);
    try {
      assertThat(Poll.until(
              Duration.ofMillis(50),
              Duration.ofSeconds(90),
              () -> !process.isAlive() || Files.readString(output).contains("taken under load")))
          .isTrue();
      assertThat(process.isAlive()).as(Files.readString(output)).isTrue();
      String site;
      try (var made = Files.list(folder)) {
        site = made.map(path -> String.valueOf(path.getFileName()))
            .filter(name -> name.startsWith("barman-drill-"))
            .findFirst()
            .orElseThrow();
      }
      assertThat(docker("ps", "-aq", site).lines())
          .as("the server and Toxiproxy")
          .hasSize(2);
      assertThat(docker("network", "ls", "-q", site)).isNotEmpty();
      process.destroy();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(docker("ps", "-aq", site)).isEmpty();
      assertThat(docker("network", "ls", "-q", site)).isEmpty();
      assertThat(folder.resolve(site)).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  /** What Docker lists that has the label of a drill; the command's last word is the drill's folder. */
  private static String docker(String... words) throws IOException {
    String[] command = new String[words.length + 2];
    command[0] = "docker";
    System.arraycopy(words, 0, command, 1, words.length - 1);
    command[words.length] = "--filter";
    command[words.length + 1] = "label=io.github.barman4j.drill=" + words[words.length - 1];
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
