package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DrillCommandTest {
  private static final String WITH = "with\\(\\s*\"(barman[A-Za-z.]+)\"";

  /** Only the drill of an existing backup has them. */
  private static final Set<String> OF_BACKUP = Set.of(
      "barman.repository",
      "barman.server",
      "barman.spool",
      "barman.serverId",
      "barman.backup",
      "barman.user",
      "barman.jobs",
      "barman.drill.checkDatabase");

  /** The choice of the scenario comes last; what decides about the build, and where the figures go, changes no figure. */
  private static final Set<String> WITHOUT = Set.of(
      "barman.drill.scenarios",
      "barman.drill.failOnBreach",
      "barman.drill.failWhenSkipped",
      "barman.drill.failWhenNone",
      "barman.drill.history",
      "barman.maxRtoRegressionPercent",
      "barman.drill.outputDirectory",
      "barman.dryRun");

  @Test
  void saysWhatWasGivenAndWhatIsNotUsual() {
    DrillCommand command = new DrillCommand("mvn g:a:1:drill")
        .with("barman.drill.seed", "7")
        .with("barman.drill.postgresBin", null)
        .with("barman.drill.writers", "4", "4")
        .with("barman.drill.databaseSize", "1GB", "32MB");
    assertThat(command)
        .hasToString("mvn g:a:1:drill -Dbarman.drill.seed=7 -Dbarman.drill.databaseSize=1GB");
  }

  @Test
  void quotesWhatAShellWouldRead() {
    assertThat(new DrillCommand("x").with("barman.drill.initScript", "it's $HOME/a b.sql"))
        .hasToString("x '-Dbarman.drill.initScript=it'\\''s $HOME/a b.sql'");
  }

  /** Whoever adds a parameter says whether a drill that is run again needs it. */
  @Test
  void hasEveryParameterThatMatters() throws IOException {
    Path sources = Path.of("src/main/java/io/github/barman4j/maven");
    String goal = Files.readString(sources.resolve("DrillMojo.java"));
    Set<String> ofScenarios = found(
        WITH,
        goal.substring(goal.indexOf("String again("))
            + Files.readString(sources.resolve("DrillServers.java")));
    int begin = goal.indexOf("new DrillCommand(");
    Set<String> ofBackup = found(WITH, goal.substring(begin, goal.indexOf("if (plan)", begin)));
    assertThat(ofBackup)
        .containsAll(OF_BACKUP)
        .contains(
            "barman.drill.postgresBin",
            "barman.drill.checkScript",
            "barman.maxRpo",
            "barman.maxRto");
    assertThat(found("property = \"(barman[A-Za-z.]+)\"", goal))
        .hasSizeGreaterThan(25)
        .allSatisfy(parameter -> assertThat(Stream.of(ofScenarios, OF_BACKUP, WITHOUT)
                .filter(names -> names.contains(parameter)))
            .as(parameter + " is in the command that runs a drill again, or known not to matter")
            .hasSize(1));
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
