package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DrillCommandTest {
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
    Set<String> given = found(
        "with\\(\\s*\"(barman[A-Za-z.]+)\"",
        goal + Files.readString(sources.resolve("DrillServers.java")));
    assertThat(found("property = \"(barman[A-Za-z.]+)\"", goal))
        .hasSizeGreaterThan(25)
        .allSatisfy(parameter -> assertThat(
                given.contains(parameter) != WITHOUT.contains(parameter))
            .as(parameter + " is in the command that runs a drill again, or known not to matter")
            .isTrue());
  }

  private static Set<String> found(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
