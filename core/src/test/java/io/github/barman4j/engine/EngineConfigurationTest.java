package io.github.barman4j.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineConfigurationTest {
  @Test
  void readsADirectoryAFileUriAndTheHomeDirectory() {
    assertThat(EngineConfiguration.repositoryPath("/srv/backup")).isEqualTo(Path.of("/srv/backup"));
    assertThat(EngineConfiguration.repositoryPath("file:///srv/backup"))
        .isEqualTo(Path.of("/srv/backup"));
    assertThat(EngineConfiguration.repositoryPath("~/b"))
        .isEqualTo(Path.of(System.getProperty("user.home"), "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/prefix", "https://host/x", " "})
  void refusesARepositoryThatIsNoDirectory(String place) {
    assertThatThrownBy(() -> EngineConfiguration.repositoryPath(place))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("BRM-101")
        .hasMessageContaining("HINT: set barman.repository");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Main", "../main", "a/b", "-x"})
  void refusesAServerNameThatCouldNotBeADirectory(String name) {
    assertThatThrownBy(() -> EngineConfiguration.of(Path.of("/srv"), name, null))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("HINT:");
  }
}
