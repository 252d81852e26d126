package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModulesPageTest {
  @TempDir
  Path folder;

  private Path json;

  @BeforeEach
  void drill() {
    ReportFiles.write(GoldenReportTest.report(), folder, null);
    json = folder.resolve("drill.json");
  }

  @Test
  void readsWhatADrillHasWritten() {
    ReportedModule module = ReportedModule.read("shop", "barman-aggregate/1.html", json);
    DrillReport report = GoldenReportTest.report();
    assertThat(module.rows())
        .extracting(ReportedModule.Row::title)
        .containsExactlyElementsOf(
            report.scenarios().stream().map(ScenarioResult::title).toList());
    assertThat(module.rows())
        .extracting(ReportedModule.Row::verdict)
        .containsExactlyElementsOf(
            report.scenarios().stream().map(ScenarioResult::verdict).toList());
    assertThat(module.rows().get(1).lost()).isEqualTo(OptionalLong.of(3));
    assertThat(module.rows().get(0).rtoSeconds()).isEqualTo(OptionalDouble.of(3.21));
    assertThat(module.rows().get(3).rtoSeconds()).isEmpty();
    assertThat(module.facts()).startsWith("PostgreSQL 18.6 · embedded · 2026-11-23T06:01:02");
  }

  @Test
  void saysTheWorstFirstOfAllAndOfEachModule() {
    ReportedModule module = ReportedModule.read("shop <1>", "barman-aggregate/1.html", json);
    String page = ModulesPage.of("build", List.of(module, module));
    assertThat(page)
        .contains(
            "<h1>2 failed, 2 inconclusive, 2 skipped, 2 passed</h1>", "<header class=\"failed\">")
        .contains("<a href=\"barman-aggregate/1.html\">shop &lt;1&gt;</a>")
        .contains("1 failed, 1 inconclusive, 1 skipped, 1 passed · PostgreSQL 18.6")
        .contains("there was nothing to lose");
  }

  @Test
  void refusesWhatIsNoReport() throws IOException {
    for (String text : List.of(
        "{",
        "{\"schema\": 2, \"scenarios\": []}",
        "[]",
        Files.readString(json).replace("\"verdict\" : \"failed\"", "\"verdict\" : \"fine\""))) {
      Files.writeString(json, text);
      assertThatThrownBy(() -> ReportedModule.read("shop", "1.html", json))
          .isInstanceOf(BarmanException.class)
          .hasMessageContaining("the drill's report " + json + " cannot be read");
    }
  }
}
