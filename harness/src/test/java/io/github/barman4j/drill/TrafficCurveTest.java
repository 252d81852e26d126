package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Sample;
import io.github.barman4j.report.Traffic;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class TrafficCurveTest {
  private static final long FAULT = Long.MAX_VALUE - 500_000_000;

  @Test
  void countsCommitsAndLogUpToTheFault() {
    Traffic traffic = TrafficCurve.of(
            List.of(
                acked(-250, 1000, 1100),
                acked(-10, 1300, 1400),
                acked(-240, 1100, 1200),
                entry(Outcome.UNKNOWN, -5, 1500, 1600),
                acked(0, 1400, 1500)),
            List.of(seen(-220, 1050), seen(-120, 1250)),
            FAULT)
        .orElseThrow();
    assertThat(traffic.interval()).isEqualTo(Duration.ofMillis(100));
    assertThat(traffic.samples())
        .containsExactly(
            new Sample(Duration.ofMillis(-200), 2, 200, OptionalLong.of(50)),
            new Sample(Duration.ofMillis(-100), 0, 200, OptionalLong.of(250)),
            new Sample(Duration.ZERO, 2, 500, OptionalLong.of(250)));
    assertThat(traffic.commitsPerSecond(traffic.samples().get(0))).isEqualTo(20.0);
  }

  @Test
  void goesOnAfterTheFaultAsLongAsSomethingIsAcknowledged() {
    Traffic traffic = TrafficCurve.of(
            List.of(acked(-50, 100, 200), acked(130, 300, 400)), List.of(), FAULT)
        .orElseThrow();
    assertThat(traffic.samples())
        .extracting(sample -> sample.at().toMillis())
        .containsExactly(0L, 100L, 200L);
    assertThat(traffic.samples()).allMatch(sample -> sample.receivedBytes().isEmpty());
  }

  @Test
  void reachesToTheFaultWhenNothingWasAcknowledgedBeforeIt() {
    Traffic traffic =
        TrafficCurve.of(List.of(acked(-1050, 100, 200)), List.of(), FAULT).orElseThrow();
    assertThat(traffic.samples()).hasSize(11).last().satisfies(sample -> {
      assertThat(sample.at()).isZero();
      assertThat(sample.commits()).isZero();
    });
  }

  @Test
  void hasNoMoreSamplesThanAChartShowsAndLosesNoCommit() {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      entries.add(acked(i * 100L - 40_000, 1000 + i, 1001 + i));
    }
    Traffic traffic = TrafficCurve.of(entries, List.of(), FAULT).orElseThrow();
    assertThat(traffic.samples()).hasSizeLessThanOrEqualTo(121);
    assertThat(traffic.samples().stream().mapToLong(Sample::commits).sum()).isEqualTo(500);
    assertThat(traffic.samples()).extracting(Sample::at).contains(Duration.ZERO);
  }

  @Test
  void isNothingWithoutACommit() {
    assertThat(
            TrafficCurve.of(List.of(entry(Outcome.FAILED, -5, 1, 2)), List.of(seen(-5, 1)), FAULT))
        .isEmpty();
  }

  private static LedgerEntry acked(long millis, long before, long after) {
    return entry(Outcome.ACKED, millis, before, after);
  }

  private static LedgerEntry entry(Outcome outcome, long millis, long before, long after) {
    return new LedgerEntry(
        new RowKey(1, 1),
        outcome,
        7,
        new Lsn(before),
        new Lsn(after),
        FAULT + millis * 1_000_000,
        Instant.EPOCH);
  }

  private static ReceivedWatch.Seen seen(long millis, long position) {
    return new ReceivedWatch.Seen(FAULT + millis * 1_000_000, new Lsn(position));
  }
}
