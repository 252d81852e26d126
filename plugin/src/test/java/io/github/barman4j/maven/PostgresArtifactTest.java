package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresArtifactTest {

  @Test
  void takesTheNewestPinnedVersion() {
    PostgresArtifact newest = PostgresArtifact.newest(machine("Mac OS X", "aarch64"));
    assertThat(newest.platform()).isEqualTo("darwin-arm64v8");
    assertThat(newest.version()).matches("18\\.\\d+\\.\\d+");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18})
  void pinsAFullVersionForEveryMajor(int major) {
    PostgresArtifact artifact = of(Integer.toString(major));
    assertThat(artifact.version()).matches(major + "\\.\\d+\\.\\d+");
  }

  @ParameterizedTest
  @CsvSource({"17.4, 17.4.0", "17.4.1, 17.4.1", "19.0, 19.0.0"})
  void takesAFullVersion(String wanted, String version) {
    assertThat(of(wanted).version()).isEqualTo(version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"14", "19", "14.2", "latest", "[17,18)", "17.", "9.6.1"})
  void refusesWhatItCannotFetch(String wanted) {
    assertThatThrownBy(() -> of(wanted))
        .hasMessageContaining("'" + wanted + "'")
        .hasMessageContaining("postgresBin");
  }

  @ParameterizedTest
  @CsvSource({"Windows 11, amd64", "Linux, s390x", "FreeBSD, amd64"})
  void saysWhatToDoOnOtherMachines(String system, String processor) {
    assertThatThrownBy(() -> PostgresArtifact.newest(machine(system, processor)))
        .hasMessageContaining("barman.drill.postgresBin");
  }

  private static PostgresArtifact of(String wanted) {
    return PostgresArtifact.of(
        new ParameterValue("barman.drill.postgresVersion", wanted), machine("Linux", "amd64"));
  }

  private static Properties machine(String system, String processor) {
    Properties properties = new Properties();
    properties.setProperty("os.name", system);
    properties.setProperty("os.arch", processor);
    return properties;
  }
}
