package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Rto;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MeasurementTest {
  private static final long T0 = Long.MAX_VALUE - 1_000_000;

  private final Measurement measurement = new Measurement(T0);

  @Test
  void dividesTheTimeIntoConsecutivePhases() {
    reached(Milestone.DETECTED, 10);
    reached(Milestone.PLANNED, 30);
    reached(Milestone.RESTORED, 1000);
    reached(Milestone.REDO_STARTED, 1100);
    reached(Milestone.CONSISTENT, 1150);
    reached(Milestone.RECOVERED, 1300);
    reached(Milestone.READY, 1310);
    reached(Milestone.FIRST_READ, 1320);
    reached(Milestone.FIRST_WRITE, 1321);
    Rto rto = measurement.toRto();
    assertThat(rto.total()).isEqualTo(Duration.ofMillis(1321));
    assertThat(rto.phases())
        .extracting(Phase::name)
        .containsExactly(
            "detect", "plan", "restore", "start", "consistent", "replay", "open", "read", "write");
    assertThat(rto.phases())
        .extracting(phase -> phase.took().toMillis())
        .containsExactly(10L, 20L, 970L, 100L, 50L, 150L, 10L, 10L, 1L);
    assertThat(rto.restoreTime()).contains(Duration.ofMillis(1280));
  }

  @Test
  void leavesTheTimeOfAnUnseenMomentToTheNextPhase() {
    reached(Milestone.RESTORED, 100);
    measurement.reached(Milestone.CONSISTENT, OptionalLong.empty());
    reached(Milestone.READY, 300);
    reached(Milestone.FIRST_WRITE, 310);
    Rto rto = measurement.toRto();
    assertThat(rto.phases())
        .containsExactly(
            new Phase("restore", Duration.ofMillis(100)),
            new Phase("open", Duration.ofMillis(200)),
            new Phase("write", Duration.ofMillis(10)));
    assertThat(rto.restoreTime()).contains(Duration.ofMillis(300));
  }

  @Test
  void neverCountsTimeTwiceWhenALogLineArrivesLate() {
    reached(Milestone.READY, 300);
    reached(Milestone.FIRST_READ, 290);
    reached(Milestone.FIRST_WRITE, 295);
    Rto rto = measurement.toRto();
    assertThat(rto.total()).isEqualTo(Duration.ofMillis(295));
    assertThat(rto.phases()).allMatch(phase -> !phase.took().isNegative());
  }

  @Test
  void sumsToTheWholeAlsoAfterRounding() {
    measurement.reached(Milestone.DETECTED, T0 + 1_999);
    measurement.reached(Milestone.PLANNED, T0 + 3_998);
    measurement.reached(Milestone.FIRST_WRITE, T0 + 5_997);
    Rto rto = measurement.toRto();
    assertThat(rto.total()).isEqualTo(Duration.ofNanos(5_000));
    assertThat(rto.phases().stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus))
        .isEqualTo(rto.total());
  }

  @Test
  void keepsTheFirstSightOfAMoment() {
    reached(Milestone.FIRST_WRITE, 10);
    reached(Milestone.FIRST_WRITE, 20);
    assertThat(measurement.toRto().total()).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void tellsWhatWentOnBesideApart() {
    reached(Milestone.FIRST_WRITE, 10);
    measurement.apart("validate", Duration.ofSeconds(3));
    assertThat(measurement.toRto().total()).isEqualTo(Duration.ofMillis(10));
    assertThat(measurement.toRto().apart())
        .containsExactly(new Phase("validate", Duration.ofSeconds(3)));
  }

  @Test
  void hasNoResultBeforeTheFirstWrite() {
    reached(Milestone.READY, 10);
    assertThatThrownBy(measurement::toRto).isInstanceOf(IllegalStateException.class);
  }

  private void reached(Milestone milestone, long millis) {
    measurement.reached(milestone, T0 + millis * 1_000_000);
  }
}
