package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.Limits;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the user allows. A limit on the regression of recovery times that is under 10 % is refused: that much is no change.
 *
 * @param general for every scenario; what is said about loss binds only those that promise none
 * @param byScenario by id, before {@code general} and before what a scenario allows itself
 */
public record DrillLimits(Limits general, Map<String, Limits> byScenario) {
  public static final DrillLimits NONE = new DrillLimits(Limits.NONE, Map.of());

  public DrillLimits {
    byScenario = Map.copyOf(byScenario);
    requireNoticeable(general);
    byScenario.values().forEach(DrillLimits::requireNoticeable);
  }

  private static void requireNoticeable(Limits limits) {
    limits.rtoRegressionPercent().ifPresent(percent -> {
      if (percent < Regression.SMALLEST_PERCENT) {
        throw new BarmanException(
            ErrorCode.DRILL_CONFIGURATION,
            "a recovery time that is " + percent + " % longer cannot be a breach",
            "less than " + Regression.SMALLEST_PERCENT
                + " % counts as no change; give that or more as barman.maxRtoRegressionPercent");
      }
    });
  }

  /** Whether anything is compared with earlier runs. */
  boolean onRegression() {
    return general.rtoRegressionPercent().isPresent()
        || byScenario.values().stream()
            .anyMatch(limits -> limits.rtoRegressionPercent().isPresent());
  }

  Limits of(ScenarioInfo scenario) {
    return of(scenario, Limits.NONE);
  }

  /** @param expected of the scenario itself, before {@code general} */
  Limits of(ScenarioInfo scenario, Limits expected) {
    Limits own = byScenario.getOrDefault(scenario.id(), Limits.NONE).or(expected);
    if (scenario.promisesNoLoss()) {
      return own.or(general).or(Limits.ofLostTransactions(0));
    }
    return own.or(new Limits(
        OptionalLong.empty(), Optional.empty(), general.rto(), general.rtoRegressionPercent()));
  }
}
