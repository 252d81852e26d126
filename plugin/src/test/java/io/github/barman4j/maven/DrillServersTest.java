package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.maven.DrillServers.Environment;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DrillServersTest {
  private static final Path BIN = Path.of("/usr/lib/postgresql/15/bin");
  private static final ContainerServers FOUND = new ContainerServers("postgres:17", "17.11");

  @Test
  void asksForTheOfficialImageOfTheNewestVersion() {
    assertThat(servers(Environment.DOCKER, null, null, null).imageName())
        .matches("postgres:18\\.[0-9]+");
  }

  @Test
  void asksForTheOfficialImageOfTheWantedVersion() {
    assertThat(servers(Environment.DOCKER, "15", null, null).imageName())
        .matches("postgres:15\\.[0-9]+");
    assertThat(servers(Environment.DOCKER, "16.4", null, null).imageName())
        .isEqualTo("postgres:16.4");
  }

  @Test
  void takesAnImageAsItIsNamed() {
    assertThat(servers(Environment.DOCKER, null, "registry/own:1", null).imageName())
        .isEqualTo("registry/own:1");
  }

  @Test
  void namesInTheCommandWhatBringsTheSameServersAgain() {
    assertThat(again(servers(Environment.DOCKER, "17", null, null)))
        .isEqualTo("mvn -Dbarman.drill.environment=docker -Dbarman.drill.postgresVersion=17.11");
    assertThat(again(servers(Environment.DOCKER, null, "own:1", null)))
        .isEqualTo("mvn -Dbarman.drill.environment=docker -Dbarman.drill.postgresImage=own:1");
    assertThat(again(servers(Environment.AUTO, null, null, null)))
        .isEqualTo("mvn -Dbarman.drill.postgresVersion=17.11");
    assertThat(again(servers(Environment.EMBEDDED, null, null, BIN))).isEqualTo("mvn");
  }

  @Test
  void refusesWhatContradictsItself() {
    refused(
        Environment.DOCKER,
        null,
        "own:1",
        BIN,
        "both barman.drill.postgresImage and barman.drill.postgresBin");
    refused(
        Environment.DOCKER,
        "17",
        "own:1",
        null,
        "both barman.drill.postgresImage and barman.drill.postgresVersion");
    refused(
        Environment.AUTO,
        "17",
        null,
        BIN,
        "both barman.drill.postgresBin and barman.drill.postgresVersion");
    refused(Environment.AUTO, null, "own:1", null, "barman.drill.environment is not docker");
    refused(Environment.DOCKER, null, null, BIN, "barman.drill.environment is docker");
  }

  private static String again(DrillServers servers) {
    return servers.again(new DrillCommand("mvn"), FOUND).toString();
  }

  private static void refused(
      Environment environment,
      @Nullable String version,
      @Nullable String image,
      @Nullable Path bin,
      String problem) {
    assertThatThrownBy(() -> servers(environment, version, image, bin))
        .hasMessageStartingWith("BRM-1")
        .hasMessageContaining(problem)
        .hasMessageContaining("HINT: ");
  }

  private static DrillServers servers(
      Environment environment,
      @Nullable String version,
      @Nullable String image,
      @Nullable Path bin) {
    return new DrillServers(
        environment,
        version == null
            ? Optional.empty()
            : ParameterValue.of("barman.drill.postgresVersion", version),
        image,
        bin);
  }
}
