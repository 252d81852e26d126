package io.github.barman4j.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How long it took, on one monotonic clock.
 *
 * @param total to the first durable write; the sum of the phases
 * @param phases consecutive
 * @param apart what went on beside the phases or after them and is in no sum
 * @param restoreTime from the plan to "ready to accept connections": what others call the restore time
 * @param runs the totals of all runs, in their order, when the scenario was repeated; the report is the median run's
 */
public record Rto(
    Duration total,
    List<Phase> phases,
    List<Phase> apart,
    Optional<Duration> restoreTime,
    List<Duration> runs) {
  public Rto {
    phases = List.copyOf(phases);
    apart = List.copyOf(apart);
    runs = List.copyOf(runs);
    Duration sum = phases.stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
    if (!sum.equals(total)) {
      throw new IllegalArgumentException("the phases take " + sum + ", not " + total);
    }
  }

  public Rto withRuns(List<Duration> totals) {
    return new Rto(total, phases, apart, restoreTime, totals);
  }
}
