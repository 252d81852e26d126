package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrillGateTest {
  private static final Path REPORTS = Path.of("/build/target/barman");
  private static final DrillGate DEFAULT = new DrillGate(true, false, true);

  @Test
  void letsABuildPassWhoseScenariosPassed() {
    assertThatCode(() -> DEFAULT.check(report(Verdict.PASSED, Verdict.SKIPPED), REPORTS))
        .doesNotThrowAnyException();
  }

  @Test
  void saysFirstWhichScenarioBreachedWhat() {
    assertThatThrownBy(() -> DEFAULT.check(report(Verdict.PASSED, Verdict.FAILED), REPORTS))
        .isInstanceOf(BadOutcomeException.class)
        .hasMessageStartingWith("BRM-704: S02 name: why FAILED\nHINT: ")
        .hasMessageContaining("/build/target/barman/drill.md");
  }

  @Test
  void takesAnInconclusiveScenarioForABreach() {
    assertThatThrownBy(() -> DEFAULT.check(report(Verdict.INCONCLUSIVE), REPORTS))
        .hasMessageStartingWith("BRM-704: S01 name: why INCONCLUSIVE");
  }

  @Test
  void letsABuildGoOnThatOnlyWantsTheReport() {
    assertThatCode(() -> new DrillGate(false, false, true).check(report(Verdict.FAILED), REPORTS))
        .doesNotThrowAnyException();
  }

  @Test
  void failsWhenNothingWasRunUnlessThatIsAllowed() {
    assertThatThrownBy(() -> DEFAULT.check(report(Verdict.SKIPPED), REPORTS))
        .hasMessageContaining("no scenario was run: 1 skipped");
    assertThatThrownBy(() -> DEFAULT.check(report(), REPORTS))
        .hasMessageContaining("no scenario was run");
    assertThatCode(() -> new DrillGate(true, false, false).check(report(Verdict.SKIPPED), REPORTS))
        .doesNotThrowAnyException();
  }

  @Test
  void failsForASkippedScenarioWhenAsked() {
    assertThatThrownBy(() ->
            new DrillGate(true, true, true).check(report(Verdict.PASSED, Verdict.SKIPPED), REPORTS))
        .hasMessageContaining("not every scenario was run: 1 passed, 1 skipped");
  }

  private static DrillReport report(Verdict... verdicts) {
    List<ScenarioResult> results = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      String id = "S0" + (results.size() + 1);
      results.add(ScenarioResult.without(id, "name", verdict, List.of("why " + verdict.name())));
    }
    return new DrillReport(
        new DrillReport.Environment("embedded", "18.6", "17", "Linux", 2),
        new Load(4, 0),
        Instant.EPOCH,
        Duration.ZERO,
        42,
        "mvn barman:drill",
        results);
  }
}
