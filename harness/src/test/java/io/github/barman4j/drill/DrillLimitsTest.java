package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DrillLimitsTest {
  private static final ScenarioInfo NO_LOSS = new ScenarioInfo("S01", "one", 1, true, "");
  private static final ScenarioInfo SOME_LOSS = new ScenarioInfo("S02", "two", 1, false, "");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void allowsNoLossUnlessTheUserSaysSo() {
    assertThat(DrillLimits.NONE.of(NO_LOSS)).isEqualTo(Limits.ofLostTransactions(0));
    assertThat(new DrillLimits(Limits.ofLostTransactions(7), Map.of()).of(NO_LOSS))
        .isEqualTo(Limits.ofLostTransactions(7));
  }

  @Test
  void bindsScenariosThatLoseByTimeAlone() {
    Limits general = new Limits(OptionalLong.of(0), Optional.of(MINUTE), Optional.of(MINUTE));
    assertThat(new DrillLimits(general, Map.of()).of(SOME_LOSS)).isEqualTo(Limits.ofRto(MINUTE));
    assertThat(new DrillLimits(general, Map.of()).of(NO_LOSS)).isEqualTo(general);
  }

  @Test
  void prefersWhatIsSaidForTheScenario() {
    DrillLimits limits =
        new DrillLimits(Limits.ofRto(MINUTE), Map.of("S02", Limits.ofLostTransactions(9)));
    assertThat(limits.of(SOME_LOSS))
        .isEqualTo(new Limits(OptionalLong.of(9), Optional.empty(), Optional.of(MINUTE)));
  }
}
