package io.github.barman4j.maven;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;

/**
 * Decides whether a drill fails the build.
 *
 * @param onBreach a scenario failed, or was inconclusive
 * @param whenSkipped a scenario could not be run on this machine
 * @param whenNone no scenario was run at all
 */
record DrillGate(boolean onBreach, boolean whenSkipped, boolean whenNone) {

  /** @throws BadOutcomeException whose first line says which limit, by how much, in which scenario */
  void check(DrillReport report, Path reports) {
    String hint = "see " + reports.resolve("drill.md") + ", or drill.json beside it";
    if (onBreach && report.firstBreach().isPresent()) {
      throw new BadOutcomeException(ErrorCode.DRILL_BREACH, report.firstBreach().get(), hint);
    }
    long skipped = report.count(Verdict.SKIPPED);
    if (whenNone && skipped == report.scenarios().size()) {
      throw new BadOutcomeException(
          ErrorCode.DRILL_FAILED,
          "no scenario was run: " + report.summary(),
          "choose others with barman.drill.scenarios, or set barman.drill.failWhenNone to false");
    }
    if (whenSkipped && skipped > 0) {
      throw new BadOutcomeException(
          ErrorCode.DRILL_FAILED,
          "not every scenario was run: " + report.summary(),
          "the reasons are in " + reports.resolve("drill.md")
              + "; barman.drill.failWhenSkipped is true");
    }
  }
}
