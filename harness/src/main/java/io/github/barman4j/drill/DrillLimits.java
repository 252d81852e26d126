package io.github.barman4j.drill;

import io.github.barman4j.report.Limits;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the user allows.
 *
 * @param general for every scenario; what is said about loss binds only those that promise none
 * @param byScenario by id, before {@code general} and before what a scenario allows itself
 */
public record DrillLimits(Limits general, Map<String, Limits> byScenario) {
  public static final DrillLimits NONE = new DrillLimits(Limits.NONE, Map.of());

  public DrillLimits {
    byScenario = Map.copyOf(byScenario);
  }

  Limits of(ScenarioInfo scenario) {
    Limits own = byScenario.getOrDefault(scenario.id(), Limits.NONE);
    if (scenario.promisesNoLoss()) {
      return own.or(general).or(Limits.ofLostTransactions(0));
    }
    return own.or(new Limits(OptionalLong.empty(), Optional.empty(), general.rto()));
  }
}
