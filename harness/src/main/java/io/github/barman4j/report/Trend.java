package io.github.barman4j.report;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What is usual by earlier runs. */
public final class Trend {
  private static final int RUNS = 3;

  private Trend() {}

  /** The median recovery time of the runs that passed; empty when they are fewer than 3. */
  public static Optional<Duration> median(List<HistoryEntry> earlier) {
    List<Duration> passed = passed(earlier).stream().sorted().toList();
    if (passed.size() < RUNS) {
      return Optional.empty();
    }
    Duration upper = passed.get(passed.size() / 2);
    return Optional.of(
        passed.size() % 2 == 1
            ? upper
            : upper.plus(passed.get(passed.size() / 2 - 1)).dividedBy(2));
  }

  /** The recovery times of the runs that passed. */
  public static List<Duration> passed(List<HistoryEntry> earlier) {
    return earlier.stream()
        .filter(run -> run.verdict() == Verdict.PASSED)
        .flatMap(run -> run.rto().stream())
        .toList();
  }
}
