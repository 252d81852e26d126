package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/**
 * What a report means for a test.
 *
 * @param breach as the goal says it, the limit and by how much in the first line; empty when there is none
 * @param skipped why nothing was run; empty when something was
 */
record TestGate(Optional<String> breach, Optional<String> skipped) {
  static TestGate of(DrillReport report, Path reports) {
    Optional<String> breach = report
        .firstBreach()
        .map(first -> new BarmanException(
                    ErrorCode.DRILL_BREACH, first, "see " + reports.resolve("drill.html"))
                .getMessage()
            + others(report));
    boolean none = report.count(Verdict.SKIPPED) == report.scenarios().size();
    String reasons = report.scenarios().stream()
        .map(result -> result.title() + " was not run: " + String.join("; ", result.reasons()))
        .collect(Collectors.joining("\n"));
    return new TestGate(
        breach,
        none ? Optional.of(reasons.isEmpty() ? "nothing was run" : reasons) : Optional.empty());
  }

  /** All that was broken, below the first line. */
  private static String others(DrillReport report) {
    return report.scenarios().stream()
        .filter(result -> result.verdict().isBreach())
        .map(TestGate::line)
        .collect(Collectors.joining());
  }

  private static String line(ScenarioResult result) {
    return "\n" + result.title() + " " + result.verdict().text() + ": "
        + String.join("; ", result.reasons());
  }

  /**
   * @param failOnBreach false leaves a breach to the test
   * @throws AssertionFailedError on a breach
   * @throws TestAbortedException when nothing was run
   */
  void check(boolean failOnBreach) {
    if (failOnBreach && breach.isPresent()) {
      throw new AssertionFailedError(breach.get());
    }
    if (skipped.isPresent()) {
      throw new TestAbortedException(skipped.get());
    }
  }
}
