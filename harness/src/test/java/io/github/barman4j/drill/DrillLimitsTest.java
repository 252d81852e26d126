package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
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

  @Test
  void bindsEveryScenarioToTheRegressionThatIsAllowed() {
    DrillLimits limits =
        new DrillLimits(Limits.ofRtoRegression(20), Map.of("S02", Limits.ofRtoRegression(50)));
    assertThat(limits.of(NO_LOSS).rtoRegressionPercent()).hasValue(20);
    assertThat(limits.of(SOME_LOSS).rtoRegressionPercent()).hasValue(50);
    assertThat(limits.of(new ScenarioInfo("S03", "three", 1, false, "")).rtoRegressionPercent())
        .hasValue(20);
  }

  @Test
  void refusesARegressionThatIsNoChange() {
    assertThatThrownBy(() -> new DrillLimits(Limits.ofRtoRegression(9), Map.of()))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("a recovery time that is 9 % longer cannot be a breach");
    assertThatThrownBy(() -> new DrillLimits(Limits.NONE, Map.of("S02", Limits.ofRtoRegression(0))))
        .hasMessageContaining("less than 10 % counts as no change");
    assertThat(new DrillLimits(Limits.ofRtoRegression(10), Map.of()).onRegression())
        .isTrue();
  }
}
