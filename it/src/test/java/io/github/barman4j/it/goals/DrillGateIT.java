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
  void aRecoveryThatTakesLongerThanItsHistoryFailsTheBuild() throws IOException {
    Path history = folder.resolve("kept/history.jsonl");
    Files.createDirectory(history.getParent());
    Files.writeString(history, earlier(0.001) + earlier(0.003) + earlier(0.002));
    MavenCall.Result result = MavenCall.of(
            folder,
            "drill",
            "-o",
            "-Dbarman.drill.scenarios=S00",
            "-Dbarman.drill.history=kept/history.jsonl",
            "-Dbarman.maxRtoRegressionPercent=100")
        .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("MojoFailureException");
    assertThat(result.firstErrorLine())
        .startsWith("BRM-704: S00 control (synchronous): the recovery took ")
        .contains(" % longer than the median of 3 earlier runs, 0.00 s; the limit is 100 %");
    assertThat(Files.readAllLines(history)).hasSize(4).last().satisfies(line -> {
      JsonNode added = new ObjectMapper().readTree(line);
      assertThat(added.get("verdict").asText()).isEqualTo("failed");
      assertThat(added.get("lostTransactions").asLong(-1)).isZero();
      assertThat(added.get("rtoSeconds").asDouble()).isGreaterThan(0.006);
    });
    JsonNode scenario = new ObjectMapper()
        .readTree(folder.resolve("target/barman/drill.json").toFile())
        .at("/scenarios/0");
    assertThat(scenario.get("earlier")).hasSize(3);
    assertThat(scenario.at("/limits/rtoRegressionPercent").asInt()).isEqualTo(100);
    assertThat(scenario.at("/figures/commitsPerSecond").asLong()).isPositive();
    assertThat(scenario.at("/traffic/commits").size()).isPositive();
  }

  @Test
  void aDamagedHistoryIsSaidBeforeAnythingIsBroken() throws IOException {
    Path history = Files.writeString(folder.resolve("history.jsonl"), earlier(1) + "{}\n");
    MavenCall.Result result = MavenCall.of(
            folder, "drill", "-o", "-Dbarman.drill.history=history.jsonl")
        .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.output()).contains("MojoExecutionException", "HINT: ");
    assertThat(result.firstErrorLine())
        .startsWith(
            "BRM-705: line 2 of the drill's history " + history + " is damaged: it has no key");
    assertThat(folder.resolve("target")).doesNotExist();
  }

  /** A line as the drill of this machine writes it. */
  private static String earlier(double seconds) {
    return """
        {"schema":1,"at":"2026-11-01T06:00:00Z","id":"S00","name":"control","variant":"synchronous",\
        "verdict":"passed","lostTransactions":0,"rpoSeconds":0.0,"rtoSeconds":%s,"kind":"embedded",\
        "postgres":"18.1","java":"17","system":"%s %s","processors":%d,"writers":4,\
        "databaseBytes":33554432,"seed":42}
        """.formatted(
            Double.toString(seconds),
            System.getProperty("os.name"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors());
  }

  @Test
  void listsTheCatalogueWithoutRunningAnything() {
    MavenCall.Result result =
        MavenCall.of(folder, "drill", "-Dbarman.drill.list").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(result.output())
        .contains("S01 kill-primary-synchronous", "    breaks   SIGKILL", "    expected ", "R01");
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
