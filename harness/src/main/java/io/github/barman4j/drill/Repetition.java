package io.github.barman4j.drill;

import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes one result of several runs of a scenario: the run whose recovery time is the median, unless a run did not pass; then the worst
 * one. Pure.
 */
final class Repetition {
  private Repetition() {}

  /** @param runs each run's variants; the order of the first run is kept */
  static List<ScenarioResult> merge(List<List<ScenarioResult>> runs) {
    Map<Optional<String>, List<ScenarioResult>> byVariant = new LinkedHashMap<>();
    for (List<ScenarioResult> run : runs) {
      for (ScenarioResult result : run) {
        byVariant
            .computeIfAbsent(result.variant(), variant -> new ArrayList<>())
            .add(result);
      }
    }
    return byVariant.values().stream().map(Repetition::mergeOne).toList();
  }

  private static ScenarioResult mergeOne(List<ScenarioResult> runs) {
    List<Duration> totals =
        runs.stream().flatMap(run -> run.rto().stream()).map(Rto::total).toList();
    ScenarioResult shown = worst(runs);
    if (!shown.verdict().isBreach() && !totals.isEmpty()) {
      List<ScenarioResult> measured = runs.stream()
          .filter(run -> run.rto().isPresent())
          .sorted(Comparator.comparing(run -> run.rto().orElseThrow().total()))
          .toList();
      shown = measured.get((measured.size() - 1) / 2);
    }
    ScenarioResult result = shown;
    return result.rto().map(rto -> result.withRto(rto.withRuns(totals))).orElse(result);
  }

  private static ScenarioResult worst(List<ScenarioResult> runs) {
    ScenarioResult worst = runs.get(0);
    for (ScenarioResult run : runs) {
      if (run.verdict().compareTo(worst.verdict()) > 0) {
        worst = run;
      }
    }
    return worst;
  }
}
