package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The site's page of scenarios is made of the catalogue, and is what it was made to be. */
class DocumentationTest {
  private static final Path PAGE = Path.of("..", "src-site", "markdown", "scenarios.md");
  private static final String AGAIN =
      "mvn -B -q test -pl harness -am -Dtest=DocumentationTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -Dbarman.catalogue.write";

  private static List<ScenarioInfo> everything() {
    List<ScenarioInfo> all = new ArrayList<>(Scenarios.infos());
    all.add(RestoreDrill.INFO);
    return all;
  }

  @Test
  void isWhatTheCatalogueSays() throws IOException {
    String made = CataloguePage.of(everything(), AGAIN);
    if (System.getProperty("barman.catalogue.write") != null) {
      Files.writeString(PAGE, made, StandardCharsets.UTF_8);
    }
    assertThat(PAGE)
        .as("the page of scenarios is made of the code; make it again with\n" + AGAIN)
        .content(StandardCharsets.UTF_8)
        .isEqualTo(made);
  }

  @Test
  void leavesNothingUnsaid() {
    assertThat(everything()).allSatisfy(info -> {
      ScenarioDetail detail = info.detail();
      assertThat(Stream.of(info.summary(), detail.injection(), detail.loss(), detail.time()))
          .as(info.id())
          .allSatisfy(text -> assertThat(text).isNotBlank());
      assertThat(detail.expected()).as(info.id()).isNotEmpty();
    });
  }

  /** Everything that a scenario needs is there only where its code can do without, and skips. */
  @Test
  void isCountedInTheReadme() {
    assertThat(Path.of("..", "README.md"))
        .content(StandardCharsets.UTF_8)
        .contains(Scenarios.infos().size() + " scenarios in all");
  }
}
