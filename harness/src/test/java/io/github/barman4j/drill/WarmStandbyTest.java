package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WarmStandbyTest {
  private static final Lsn END = new Lsn(100);

  @Test
  void failsWhenItTakesAsLongAsARestore() {
    assertThat(WarmStandby.warm(WarmStandby.WARM).passed()).isTrue();
    assertThat(WarmStandby.warm(WarmStandby.WARM.plusNanos(1)).passed()).isFalse();
  }

  @Test
  void failsForALossOfWhatTheStandbyHad() {
    assertThat(WarmStandby.withinLag(lost(), new Lsn(99)).passed()).isTrue();
    assertThat(WarmStandby.withinLag(lost(), END).passed()).isFalse();
  }

  @Test
  void isInconclusiveWithoutLoadOrWithoutLag() {
    assertThat(WarmStandby.unmet(500, true, 1)).isEmpty();
    assertThat(WarmStandby.unmet(500, false, 0)).isEmpty();
    assertThat(WarmStandby.unmet(499, false, 0)).hasSize(1);
    assertThat(WarmStandby.unmet(500, true, 0)).hasSize(1);
  }

  private static LedgerDiff lost() {
    return LedgerDiff.of(List.of(entry()), Set.of(), new Horizon.Everything());
  }

  private static LedgerEntry entry() {
    return new LedgerEntry(new RowKey(1, 1), Outcome.ACKED, 7, new Lsn(50), END, 3, Instant.EPOCH);
  }
}
