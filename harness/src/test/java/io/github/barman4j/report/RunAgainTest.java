package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunAgainTest {
  private static final ScenarioResult ORDERS =
      ScenarioResult.without("ORDERS-1", "orders-emptied", Verdict.PASSED, List.of());

  @Test
  void choosesByIdOrByTheFileThatTheScenarioIsIn() {
    RunAgain again = RunAgain.choosing("mvn barman:drill");
    assertThat(again.of(ORDERS)).isEqualTo("mvn barman:drill -Dbarman.drill.scenarios=ORDERS-1");
    assertThat(again.withFiles(Map.of("ORDERS-1", "/p/orders.yaml")).of(ORDERS))
        .isEqualTo("mvn barman:drill -Dbarman.drill.scenarios=/p/orders.yaml");
    assertThat(again.withFiles(Map.of("ORDERS-1", "/my project's/orders.yaml")).of(ORDERS))
        .isEqualTo("mvn barman:drill '-Dbarman.drill.scenarios=/my project'\\''s/orders.yaml'");
  }

  @Test
  void leavesACommandThatIsWholeAlone() {
    assertThat(RunAgain.whole("mvn test -Dtest=OrdersTest#survive").of(ORDERS))
        .isEqualTo("mvn test -Dtest=OrdersTest#survive");
  }

  @Test
  void isInEveryReportThatIsRead() {
    DrillReport report = GoldenReportTest.report();
    DrillReport ofFile = new DrillReport(
        report.environment(),
        report.load(),
        report.startedAt(),
        report.took(),
        report.seed(),
        RunAgain.choosing("mvn x").withFiles(Map.of("ORDERS-1", "/p/orders.yaml")),
        List.of(ORDERS));
    String expected = "mvn x -Dbarman.drill.scenarios=/p/orders.yaml";
    assertThat(HtmlReport.of(ofFile)).contains("<pre>" + expected + "</pre>");
    assertThat(MarkdownReport.of(ofFile)).contains("- run it again: `" + expected + "`\n");
    assertThat(JsonReport.of(ofFile)).contains("\"command\" : \"" + expected + "\"");
  }
}
