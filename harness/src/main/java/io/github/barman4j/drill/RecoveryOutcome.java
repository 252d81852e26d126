package io.github.barman4j.drill;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;

/**
 * All that is known about a recovery that came to its end, not judged yet.
 *
 * @param unmet the conditions of the scenario that were not met, a sentence each
 */
record RecoveryOutcome(
    Rpo rpo,
    Rto rto,
    Restored restored,
    List<Check> checks,
    List<Figure> figures,
    List<String> unmet) {
  RecoveryOutcome {
    checks = List.copyOf(checks);
    figures = List.copyOf(figures);
    unmet = List.copyOf(unmet);
  }

  ScenarioResult judged(ScenarioInfo info, Optional<String> variant, Limits limits) {
    Judge judge = Judge.of(limits, rpo, rto.total(), checks, unmet);
    return new ScenarioResult(
        info.id(),
        info.name(),
        variant,
        judge.verdict(),
        judge.reasons(),
        limits,
        Optional.of(rpo),
        Optional.of(rto),
        Optional.of(restored),
        checks,
        figures);
  }
}
