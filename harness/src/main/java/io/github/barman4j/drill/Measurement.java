package io.github.barman4j.drill;

import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Rto;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * The moments of one recovery on one monotonic clock, {@link System#nanoTime()}.
 *
 * <p>The phases between them are consecutive and sum to the whole. A moment that was not seen leaves its time to the next phase; one
 * that was seen late, since a log line had to travel, ends its phase no earlier than the one before.
 */
final class Measurement {
  private final long startNanos;
  private final Map<Milestone, Long> reached = new EnumMap<>(Milestone.class);
  private final List<Phase> apart = new ArrayList<>();

  /** @param startNanos of the fault, or of the decision to recover */
  Measurement(long startNanos) {
    this.startNanos = startNanos;
  }

  void reached(Milestone milestone, long nanos) {
    reached.putIfAbsent(milestone, nanos);
  }

  void reached(Milestone milestone) {
    reached(milestone, System.nanoTime());
  }

  void reached(Milestone milestone, OptionalLong nanos) {
    nanos.ifPresent(known -> reached(milestone, known));
  }

  /** What went on beside the phases or after them. */
  void apart(String name, Duration took) {
    apart.add(new Phase(name, took));
  }

  /** @throws IllegalStateException before the first write */
  Rto toRto() {
    if (!reached.containsKey(Milestone.FIRST_WRITE)) {
      throw new IllegalStateException("the recovery is not over");
    }
    List<Phase> phases = new ArrayList<>();
    Duration previous = Duration.ZERO;
    Optional<Duration> planned = Optional.empty();
    Optional<Duration> ready = Optional.empty();
    Duration end = sinceStart(Milestone.FIRST_WRITE);
    for (Milestone milestone : reached.keySet()) {
      Duration at = sinceStart(milestone);
      at = at.compareTo(previous) < 0 ? previous : at;
      at = at.compareTo(end) > 0 ? end : at;
      phases.add(new Phase(milestone.phase(), at.minus(previous)));
      previous = at;
      planned = milestone == Milestone.PLANNED ? Optional.of(at) : planned;
      ready = milestone == Milestone.READY ? Optional.of(at) : ready;
    }
    Optional<Duration> from = planned.or(() -> Optional.of(Duration.ZERO));
    Optional<Duration> restoreTime = ready.flatMap(to -> from.map(to::minus));
    return new Rto(previous, phases, apart, restoreTime, List.of(previous));
  }

  /** Whole microseconds, so that printed phases sum to the printed whole. */
  private Duration sinceStart(Milestone milestone) {
    Long nanos = reached.get(milestone);
    if (nanos == null) {
      throw new IllegalStateException(milestone + " was not reached");
    }
    long micros = TimeUnit.NANOSECONDS.toMicros(Math.max(0, nanos - startNanos));
    return Duration.of(micros, ChronoUnit.MICROS);
  }
}
