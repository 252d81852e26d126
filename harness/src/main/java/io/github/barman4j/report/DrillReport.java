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
 * @param command that runs a drill like this one again, up to the choice of scenarios
 */
public record DrillReport(
    Environment environment,
    Load load,
    Instant startedAt,
    Duration took,
    long seed,
    String command,
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
