package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ClonedStandbyTest {
  private static final long MIB = 1 << 20;

  private static ClonedStandby.Cost cost(String... asked) {
    return new ClonedStandby.Cost(
        Duration.ZERO, Duration.ZERO, OptionalLong.empty(), 0, List.of(asked));
  }

  @Test
  void findsAStandbyThatWasCopiedFromThePrimaryAndOneThatNeverAsked() {
    String copy = "LOG:  received replication command: BASE_BACKUP ( LABEL 'x')";
    String stream = "LOG:  received replication command: START_REPLICATION 0/5000000 TIMELINE 1";
    assertThat(ClonedStandby.unasked(cost(stream)).passed()).isTrue();
    assertThat(ClonedStandby.unasked(cost(copy, stream)).passed()).isFalse();
    assertThat(ClonedStandby.unasked(cost()).passed()).isFalse();
  }

  @Test
  void findsAPrimaryThatWasReadAsAWhole() {
    assertThat(ClonedStandby.untouched(MIB, MIB, 100 * MIB).passed()).isTrue();
    assertThat(ClonedStandby.untouched(100 * MIB, 20 * MIB, 100 * MIB).passed()).isFalse();
  }

  @Test
  void countsWhatProcessesReadThatAreThereNow() {
    PrimaryReads before = new PrimaryReads(Map.of(1L, 10L, 2L, 500L), new Lsn(100));
    PrimaryReads after = new PrimaryReads(Map.of(1L, 17L, 3L, 5L), new Lsn(160));
    assertThat(after.since(before)).hasValue(12);
    assertThat(after.writtenSince(before)).isEqualTo(60);
    assertThat(new PrimaryReads(Map.of(), new Lsn(160)).since(before)).isEmpty();
  }
}
