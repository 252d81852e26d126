package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The site's table of scenarios is the catalogue: every scenario once, in order, with its name and its tier. */
class DocumentationTest {
  private static final Pattern ROW =
      Pattern.compile("\\| (S[0-9]{2}) \\| ([a-z0-9-]+) \\| ([^|]{10,}) \\| ([^|]{10,}) \\|");

  private static List<String> rows() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("..", "src-site", "markdown", "drills.md"))) {
      return lines.filter(line -> line.matches("\\| S[0-9].*")).toList();
    }
  }

  @Test
  void explainsEveryScenarioOfTheCatalogue() throws IOException {
    assertThat(rows())
        .as("id, name, what happens, expected")
        .allMatch(row -> ROW.matcher(row).matches());
    assertThat(rows().stream().map(DocumentationTest::told))
        .as("src-site/markdown/drills.md, the table of scenarios: add the row that is missing, with"
            + " \"(tier 2)\" at its end where the scenario is one of the nightly build")
        .containsExactlyElementsOf(Scenarios.infos().stream()
            .map(info -> info.id() + " " + info.name() + " tier " + info.tier())
            .toList());
  }

  private static String told(String row) {
    Matcher matcher = ROW.matcher(row);
    return matcher.matches()
        ? matcher.group(1) + " " + matcher.group(2) + " tier "
            + (matcher.group(4).contains("(tier 2)") ? 2 : 1)
        : row;
  }
}
