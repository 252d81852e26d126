package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenariosTest {

  @Test
  void findsByIdNameAndTierInTheCataloguesOrder() {
    assertThat(ids("S05", "kill-primary-synchronous")).containsExactly("S01", "S05");
    assertThat(ids(" s02 ", "S02")).containsExactly("S02");
    assertThat(ids("tier1")).contains("S01", "S02", "S05", "S30").isSorted();
    assertThat(ids("tier2")).doesNotContainAnyElementsOf(ids("tier1"));
    assertThat(ids("all")).hasSize(Drill.catalogue().size()).isSorted();
  }

  @Test
  void refusesAnUnknownWord() {
    assertThatThrownBy(() -> ids("S99"))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("there is no scenario 'S99'")
        .hasMessageContaining("S01, S02, ")
        .hasMessageContaining(", S30");
  }

  @Test
  void hasIdsAndNamesOfItsOwn() {
    assertThat(Drill.catalogue()).extracting(ScenarioInfo::id).doesNotHaveDuplicates();
    assertThat(Drill.catalogue()).extracting(ScenarioInfo::name).doesNotHaveDuplicates();
  }

  /** Whoever adds a scenario describes it, and whoever describes one must have it. */
  @Test
  void areThoseOfTheDocumentation() throws IOException {
    Pattern row = Pattern.compile("^\\| (S[0-9]{2} \\| [a-z-]+) \\|.*");
    List<String> described;
    try (Stream<String> lines = Files.lines(Path.of("../src-site/markdown/drills.md"))) {
      described = lines
          .map(row::matcher)
          .filter(Matcher::matches)
          .map(matcher -> matcher.group(1))
          .toList();
    }
    assertThat(described)
        .containsExactlyElementsOf(Drill.catalogue().stream()
            .map(info -> info.id() + " | " + info.name())
            .toList());
    assertThat(Path.of("../README.md"))
        .content(StandardCharsets.UTF_8)
        .contains(Drill.catalogue().size() + " scenarios in all");
  }

  private static List<String> ids(String... words) {
    return Scenarios.select(List.of(words)).stream()
        .map(scenario -> scenario.info().id())
        .toList();
  }
}
