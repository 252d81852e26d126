package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.Limits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Limits in the POM for one scenario:
 *
 * <pre>{@code
 * <limits>
 *   <limit>
 *     <scenario>S02</scenario>
 *     <maxLostTransactions>500</maxLostTransactions>
 *     <maxRto>PT30S</maxRto>
 *   </limit>
 * </limits>
 * }</pre>
 */
public final class ScenarioLimits {
  private @Nullable String scenario;

  private @Nullable String maxLostTransactions;

  private @Nullable String maxRpo;

  private @Nullable String maxRto;

  String scenario() {
    return ParameterValue.of("<scenario> in <limit>", scenario)
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "a <limit> names no scenario",
            "add <scenario> with its id, or use <maxRto> and the others outside of <limits> for all"))
        .text();
  }

  Limits limits() {
    return of("<maxLostTransactions>", maxLostTransactions, "<maxRpo>", maxRpo, "<maxRto>", maxRto);
  }

  static Limits of(
      String lostName,
      @Nullable String lost,
      String rpoName,
      @Nullable String rpo,
      String rtoName,
      @Nullable String rto) {
    OptionalLong most = ParameterValue.of(lostName, lost)
        .map(value -> OptionalLong.of(value.wholeNumber()))
        .orElse(OptionalLong.empty());
    return new Limits(most, duration(rpoName, rpo), duration(rtoName, rto));
  }

  private static Optional<Duration> duration(String name, @Nullable String text) {
    return ParameterValue.of(name, text).map(ParameterValue::duration);
  }
}
