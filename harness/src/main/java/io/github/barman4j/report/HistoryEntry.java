package io.github.barman4j.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is kept of one run of a scenario, for the runs after it.
 *
 * @param at when the drill began
 * @param lostTransactions empty when it did not come to a recovery, as the following two
 * @param rpo the age of the oldest lost commit
 * @param rto from the fault to the first durable write
 */
public record HistoryEntry(
    Instant at,
    DrillReport.Environment environment,
    Load load,
    long seed,
    String id,
    String name,
    Optional<String> variant,
    Verdict verdict,
    OptionalLong lostTransactions,
    Optional<Duration> rpo,
    Optional<Duration> rto) {

  /** What is to be kept of a report; scenarios that were skipped were not run. */
  static HistoryEntry of(DrillReport report, ScenarioResult result) {
    return new HistoryEntry(
        report.startedAt(),
        report.environment(),
        report.load(),
        report.seed(),
        result.id(),
        result.name(),
        result.variant(),
        result.verdict(),
        result
            .rpo()
            .map(rpo -> OptionalLong.of(rpo.lostTransactions()))
            .orElse(OptionalLong.empty()),
        result.rpo().map(Rpo::time),
        result.rto().map(Rto::total));
  }

  /** Whether figures of both mean the same: one scenario, on the same machine, major version and load. */
  boolean isComparable(DrillReport.Environment other, Load otherLoad, ScenarioResult result) {
    return id.equals(result.id())
        && variant.equals(result.variant())
        && load.equals(otherLoad)
        && environment.kind().equals(other.kind())
        && environment.system().equals(other.system())
        && environment.processors() == other.processors()
        && major(environment.postgres()).equals(major(other.postgres()));
  }

  private static String major(String version) {
    int point = version.indexOf('.');
    return point < 0 ? version : version.substring(0, point);
  }
}
