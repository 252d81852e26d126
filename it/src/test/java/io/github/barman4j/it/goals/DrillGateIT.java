package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill decides over the build, after it has written its reports. */
class DrillGateIT {
  @TempDir
  private Path folder;

  @Test
  void aBreachedLimitFailsTheBuildOfAllModulesOnce() throws IOException {
    modules();
    Path summary = Files.createFile(folder.resolve("summary.md"));
    MavenCall.Result result = MavenCall.of(
            folder, "drill", "-o", "-Dbarman.drill.scenarios=S01", "-Dbarman.maxRto=PT0.001S")
        .environment("GITHUB_STEP_SUMMARY", summary.toString())
        .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output())
        .contains("MojoFailureException")
        .containsOnlyOnce(":drill (default-cli) @");
    assertThat(result.firstErrorLine())
        .startsWith("BRM-704: S01 kill-primary-synchronous")
        .contains("longer than the limit of 0.00 s");
    JsonNode scenario = new ObjectMapper()
        .readTree(folder.resolve("target/barman/drill.json").toFile())
        .get("scenarios")
        .get(0);
    assertThat(scenario.get("verdict").asText()).isEqualTo("failed");
    assertThat(scenario.get("rpo").get("lostTransactions").asLong()).isZero();
    assertThat(folder.resolve("target/barman/TEST-barman.drill.xml")).isNotEmptyFile();
    assertThat(summary).content().contains("S01");
    assertThat(folder.resolve("one/target")).doesNotExist();
  }

  @Test
  void listsTheCatalogueWithoutRunningAnything() {
    MavenCall.Result result =
        MavenCall.of(folder, "drill", "-Dbarman.drill.list").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output()).contains("S01 kill-primary-synchronous", "S30");
    assertThat(folder).isEmptyDirectory();
  }

  private void modules() throws IOException {
    Files.writeString(
        folder.resolve("pom.xml"), pom("parent", "<modules><module>one</module></modules>"));
    Files.createDirectory(folder.resolve("one"));
    Files.writeString(folder.resolve("one/pom.xml"), pom("one", ""));
  }

  private static String pom(String name, String more) {
    return """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>%s</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          %s
        </project>
        """.formatted(name, more);
  }
}
