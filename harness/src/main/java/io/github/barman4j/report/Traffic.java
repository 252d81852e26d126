package io.github.barman4j.report;

import java.time.Duration;
import java.util.List;

/**
 * What the clients of a scenario's server were given over time.
 *
 * @param interval that one sample stands for, positive
 * @param samples consecutive
 */
public record Traffic(Duration interval, List<Sample> samples) {
  public Traffic {
    samples = List.copyOf(samples);
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("an interval of " + interval);
    }
  }

  /** In one sample. */
  public double commitsPerSecond(Sample sample) {
    return sample.commits() * 1e9 / interval.toNanos();
  }
}
