package io.github.barman4j.junit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class TestGateTest {
  private static final ScenarioResult GOOD =
      Results.measured(Results.rpo(0, 0, 0), Duration.ofSeconds(1));

  @Test
  void failsOnABreachWithTheGoalsFirstLine() {
    DrillReport report = Results.report(
        GOOD,
        Results.without(Verdict.FAILED, "the recovery took 2.00 s", "and more"),
        Results.without(Verdict.INCONCLUSIVE, "too few commits"));
    assertThatThrownBy(() -> gate(report).check(true))
        .isInstanceOf(AssertionFailedError.class)
        .hasMessage("""
            BRM-704: S12 cut: the recovery took 2.00 s
            HINT: see reports/drill.html
            S12 cut failed: the recovery took 2.00 s; and more
            S12 cut inconclusive: too few commits""");
    assertThatCode(() -> gate(report).check(false)).doesNotThrowAnyException();
  }

  @Test
  void abortsWithTheReasonWhenNothingWasRun() {
    DrillReport report = Results.report(Results.without(Verdict.SKIPPED, "no Toxiproxy"));
    for (boolean failOnBreach : new boolean[] {true, false}) {
      assertThatThrownBy(() -> gate(report).check(failOnBreach))
          .isInstanceOf(TestAbortedException.class)
          .hasMessage("S12 cut was not run: no Toxiproxy");
    }
    assertThatThrownBy(() -> gate(Results.report()).check(true))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("nothing was run");
  }

  @Test
  void letsPassWhatPassed() {
    assertThatCode(() -> gate(Results.report(GOOD)).check(true)).doesNotThrowAnyException();
  }

  private static TestGate gate(DrillReport report) {
    return TestGate.of(report, Path.of("reports"));
  }
}
