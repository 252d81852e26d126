package io.github.barman4j.drill;

import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Trend;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Compares a recovery time with the median of the earlier runs that passed. Pure.
 *
 * <p>Single figures of a shared machine are noisy: there is no judgement before the fourth run, and no limit under 10 %. A run that
 * failed is not among those that are compared with, so that a slow engine does not become the measure.
 */
final class Regression {
  /** Anything less is no change. */
  static final int SMALLEST_PERCENT = 10;

  private Regression() {}

  /** The result, failed when its recovery took longer than allowed; its earlier runs are those to compare with. */
  static ScenarioResult judged(ScenarioResult result) {
    OptionalInt limit = result.limits().rtoRegressionPercent();
    Optional<Duration> median = Trend.median(result.earlier());
    if (limit.isEmpty()
        || median.isEmpty()
        || result.rto().isEmpty()
        || result.verdict() == Verdict.INCONCLUSIVE
        || result.verdict() == Verdict.SKIPPED) {
      return result;
    }
    long usual = median.get().toNanos();
    long now = result.rto().get().total().toNanos();
    long percent = limit.getAsInt();
    if (Math.multiplyExact(now, 100) <= Math.multiplyExact(usual, 100 + percent)) {
      return result;
    }
    List<String> reasons = new ArrayList<>(result.reasons());
    reasons.add(String.format(
        Locale.ROOT,
        "the recovery took %.2f s, %s longer than the median of %d earlier runs, %.2f s; the limit"
            + " is %d %%",
        now / 1e9,
        growth(now, usual),
        Trend.passed(result.earlier()).size(),
        usual / 1e9,
        percent));
    return result.withVerdict(Verdict.FAILED, reasons);
  }

  /** Whether there is a limit and there was nothing to hold the recovery time against. */
  static boolean isUnjudged(ScenarioResult result) {
    return result.limits().rtoRegressionPercent().isPresent()
        && result.rto().isPresent()
        && Trend.median(result.earlier()).isEmpty();
  }

  private static String growth(long now, long usual) {
    return usual == 0
        ? "infinitely"
        : String.format(Locale.ROOT, "%.1f %%", (now - usual) * 100.0 / usual);
  }
}
