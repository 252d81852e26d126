package io.github.barman4j.drill;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run showed that needed no recovery, such as a refusal; not judged yet.
 *
 * @param unmet the conditions of the scenario that were not met, a sentence each
 */
record Observation(List<Check> checks, List<Figure> figures, List<String> unmet) {
  /** For a recovery that shows all that is to be seen. */
  static final Observation NOTHING = new Observation(List.of(), List.of(), List.of());

  Observation {
    checks = List.copyOf(checks);
    figures = List.copyOf(figures);
    unmet = List.copyOf(unmet);
  }

  /** Both together, this one first. */
  Observation and(Observation more) {
    return new Observation(
        joined(checks, more.checks), joined(figures, more.figures), joined(unmet, more.unmet));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  ScenarioResult judged(ScenarioInfo info, String variant) {
    Judge judge = Judge.of(checks, unmet);
    return new ScenarioResult(
        info.id(),
        info.name(),
        Optional.of(variant),
        judge.verdict(),
        judge.reasons(),
        Limits.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        checks,
        figures);
  }
}
