package io.github.barman4j.drill;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Sample;
import io.github.barman4j.report.Traffic;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes {@link Traffic} of a ledger and of what a receiver was seen to have. Pure. */
final class TrafficCurve {
  private static final long STEP_NANOS = 100_000_000;
  private static final int MOST_SAMPLES = 120;

  private TrafficCurve() {}

  /**
   * @param entries in any order
   * @param seen in the order of time
   * @param faultNanos where the time begins to count
   * @return empty when nothing was acknowledged
   */
  static Optional<Traffic> of(
      List<LedgerEntry> entries, List<ReceivedWatch.Seen> seen, long faultNanos) {
    List<LedgerEntry> acknowledged = entries.stream()
        .filter(entry -> entry.outcome() == Outcome.ACKED)
        .sorted(Comparator.comparingLong(entry -> entry.nanos() - faultNanos))
        .toList();
    if (acknowledged.isEmpty()) {
      return Optional.empty();
    }
    long first = acknowledged.get(0).nanos() - faultNanos;
    long last = acknowledged.get(acknowledged.size() - 1).nanos() - faultNanos;
    long steps = (Math.max(last, 0) - first) / STEP_NANOS + 1;
    long interval = STEP_NANOS * ((steps + MOST_SAMPLES - 1) / MOST_SAMPLES);
    // A sample ends with the fault, so that none has commits of both sides.
    long end = -Math.floorDiv(-first, interval) * interval;
    Lsn base = base(acknowledged);
    List<Sample> samples = new ArrayList<>();
    Lsn written = base;
    Lsn received = Lsn.INVALID;
    int nextEntry = 0;
    int nextSeen = 0;
    while (nextEntry < acknowledged.size() || samples.isEmpty() || end <= 0) {
      long commits = 0;
      while (nextEntry < acknowledged.size()
          && acknowledged.get(nextEntry).nanos() - faultNanos <= end) {
        written = Lsn.max(written, position(acknowledged.get(nextEntry++)));
        commits++;
      }
      while (nextSeen < seen.size() && seen.get(nextSeen).nanos() - faultNanos <= end) {
        received = seen.get(nextSeen++).flushed();
      }
      samples.add(new Sample(
          Duration.ofNanos(end),
          commits,
          written.minus(base),
          received.isInvalid()
              ? OptionalLong.empty()
              : OptionalLong.of(Math.max(0, received.minus(base)))));
      end += interval;
    }
    return Optional.of(new Traffic(Duration.ofNanos(interval), samples));
  }

  /** The lowest known position. */
  private static Lsn base(List<LedgerEntry> acknowledged) {
    return acknowledged.stream()
        .map(LedgerEntry::before)
        .filter(before -> !before.isInvalid())
        .min(Comparator.naturalOrder())
        .orElse(Lsn.INVALID);
  }

  private static Lsn position(LedgerEntry entry) {
    return Lsn.max(entry.before(), entry.after());
  }
}
