package io.github.barman4j.report;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A whole drill.
 *
 * @param startedAt by this machine's clock
 * @param seed of all that was random
 * @param again how a scenario is run again
 */
public record DrillReport(
    Environment environment,
    Load load,
    Instant startedAt,
    Duration took,
    long seed,
    RunAgain again,
    List<ScenarioResult> scenarios) {

  /**
   * @param kind for instance {@code embedded}
   * @param postgres the full version
   */
  public record Environment(
      String kind, String postgres, String java, String system, int processors) {}

  public DrillReport {
    scenarios = List.copyOf(scenarios);
  }

  /** @param command up to the choice of scenarios */
  public DrillReport(
      Environment environment,
      Load load,
      Instant startedAt,
      Duration took,
      long seed,
      String command,
      List<ScenarioResult> scenarios) {
    this(environment, load, startedAt, took, seed, RunAgain.choosing(command), scenarios);
  }

  public String command() {
    return again.command();
  }

  /** The same drill with other results. */
  public DrillReport with(List<ScenarioResult> results) {
    return new DrillReport(environment, load, startedAt, took, seed, again, results);
  }

  public long count(Verdict verdict) {
    return scenarios.stream().filter(result -> result.verdict() == verdict).count();
  }

  /** The first scenario that fails a build and why, in one line; empty when none does. */
  public Optional<String> firstBreach() {
    return scenarios.stream()
        .filter(result -> result.verdict().isBreach())
        .findFirst()
        .map(result -> result.title() + ": "
            + result.reasons().stream().findFirst().orElse(result.verdict().text()));
  }

  /** For instance {@code 5 passed, 1 failed}. */
  public String summary() {
    StringBuilder text = new StringBuilder();
    for (Verdict verdict : Verdict.values()) {
      if (count(verdict) > 0) {
        text.append(text.isEmpty() ? "" : ", ")
            .append(count(verdict))
            .append(' ')
            .append(verdict.text());
      }
    }
    return text.isEmpty() ? "nothing was run" : text.toString();
  }
}
