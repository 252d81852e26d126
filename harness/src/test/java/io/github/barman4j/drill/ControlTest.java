package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ControlTest {

  @Test
  void countsWhatWasAcknowledgedInASecond() {
    Observation seen = Control.observed(
        List.of(entry(Outcome.ACKED), entry(Outcome.ACKED), entry(Outcome.ACKED)),
        Duration.ofMillis(500));
    assertThat(seen.judged(new Control().info(), "x").verdict()).isEqualTo(Verdict.PASSED);
    assertThat(seen.figures()).containsExactly(new Figure("commitsPerSecond", 6));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ACKED")
  void failsWhenACommitWasNotAcknowledgedAlthoughNothingWasBroken(Outcome outcome) {
    Observation seen =
        Control.observed(List.of(entry(Outcome.ACKED), entry(outcome)), Duration.ofMillis(500));
    assertThat(seen.judged(new Control().info(), "x").reasons())
        .containsExactly("check undisturbed failed: 1 of 2 commits were not acknowledged");
  }

  @Test
  void allowsNoLoss() {
    assertThat(DrillLimits.NONE.of(new Control().info()).lostTransactions()).hasValue(0);
  }

  private static LedgerEntry entry(Outcome outcome) {
    return new LedgerEntry(new RowKey(1, 1), outcome, 7, new Lsn(1), new Lsn(2), 0, Instant.EPOCH);
  }
}
