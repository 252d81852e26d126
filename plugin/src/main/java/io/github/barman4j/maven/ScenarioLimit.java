package io.github.barman4j.maven;

import io.github.barman4j.report.Limits;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The limits of one scenario, in a POM: {@code <limit><scenario>S02</scenario><maxRto>PT1M</maxRto></limit>}. */
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ScenarioLimit {
  private @Nullable String scenario;
  private @Nullable String maxLostTransactions;
  private @Nullable String maxRpo;
  private @Nullable String maxRto;
  private @Nullable String maxRtoRegressionPercent;

  String scenario() {
    return BarmanMojo.value("scenario", scenario == null ? "" : scenario).text();
  }

  Limits limits() {
    return limits(maxLostTransactions, maxRpo, maxRto, maxRtoRegressionPercent);
  }

  static Limits limits(
      @Nullable String maxLostTransactions,
      @Nullable String maxRpo,
      @Nullable String maxRto,
      @Nullable String maxRtoRegressionPercent) {
    OptionalLong lost = ParameterValue.of("barman.maxLostTransactions", maxLostTransactions)
        .map(value -> OptionalLong.of(value.wholeNumber()))
        .orElse(OptionalLong.empty());
    OptionalInt regression = ParameterValue.of(
            "barman.maxRtoRegressionPercent", maxRtoRegressionPercent)
        .map(value -> OptionalInt.of(value.wholeNumber()))
        .orElse(OptionalInt.empty());
    return new Limits(
        lost,
        ParameterValue.of("barman.maxRpo", maxRpo).map(ParameterValue::duration),
        ParameterValue.of("barman.maxRto", maxRto).map(ParameterValue::duration),
        regression);
  }
}
