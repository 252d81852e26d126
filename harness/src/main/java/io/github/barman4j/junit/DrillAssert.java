package io.github.barman4j.junit;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.AbstractAssert;

/**
 * Assertions about the results of a drill. Each holds for every result; what was not measured satisfies none: a scenario that was
 * skipped, or that did not come to its recovery, fails all but {@link #skipped()}.
 *
 * <p>A passed result that needed no recovery, such as a refusal, has no figures and is passed over, as long as another has.
 */
public final class DrillAssert extends AbstractAssert<DrillAssert, List<ScenarioResult>> {
  DrillAssert(List<ScenarioResult> results) {
    super(results, DrillAssert.class);
    as(
        "%s",
        "drill of " + results.stream().map(ScenarioResult::title).distinct().toList());
  }

  /** Every scenario was run, kept its limits and met its own conditions. */
  public DrillAssert passed() {
    requireResults();
    for (ScenarioResult result : actual) {
      if (result.verdict() != Verdict.PASSED) {
        throw failed(result, "to pass", "it " + verdict(result));
      }
    }
    return this;
  }

  /** No scenario could be run on this machine. */
  public DrillAssert skipped() {
    requireResults();
    for (ScenarioResult result : actual) {
      if (result.verdict() != Verdict.SKIPPED) {
        throw failed(result, "to be skipped", "it " + verdict(result));
      }
    }
    return this;
  }

  public DrillAssert lostNoAcknowledgedCommit() {
    return lostAtMost(0);
  }

  /** @param commits acknowledged before the fault, or before the target */
  public DrillAssert lostAtMost(long commits) {
    return eachRpo(
        "to lose " + (commits == 0 ? "no" : "at most " + commits) + " acknowledged commits",
        rpo -> rpo.lostTransactions() > commits
            ? Optional.of("it lost " + rpo.lostTransactions() + " of " + rpo.acknowledged()
                + ", the oldest acknowledged " + seconds(rpo.time()) + " before the fault")
            : Optional.empty());
  }

  /** @param age of the oldest lost commit at the fault */
  public DrillAssert lostNothingOlderThan(Duration age) {
    return eachRpo(
        "to lose nothing that was acknowledged over " + seconds(age) + " before the fault",
        rpo -> rpo.time().compareTo(age) > 0
            ? Optional.of("it lost " + rpo.lostTransactions() + ", the oldest acknowledged "
                + seconds(rpo.time()) + " before the fault")
            : Optional.empty());
  }

  /** No row came back that nobody had committed. */
  public DrillAssert hasNoPhantoms() {
    return eachRpo(
        "to bring back committed rows alone",
        rpo -> rpo.phantoms() > 0
            ? Optional.of(rpo.phantoms() + " rows are there that nobody had committed")
            : Optional.empty());
  }

  /** No commit is there that was made after the target. */
  public DrillAssert hasNoOvershoot() {
    return eachRpo(
        "to stop at its target",
        rpo -> rpo.overshoot() > 0
            ? Optional.of(rpo.overshoot() + " commits are there that were made after it")
            : Optional.empty());
  }

  /** @param time from the fault, or from the plan of a recovery to a target, to the first durable write */
  public DrillAssert recoveredWithin(Duration time) {
    return each(
        "to recover within " + seconds(time),
        ScenarioResult::rto,
        (Rto rto) -> rto.total().compareTo(time) > 0
            ? Optional.of("it took " + seconds(rto.total()))
            : Optional.empty());
  }

  /** Every recovery has this check, and it passed. */
  public DrillAssert passedCheck(String name) {
    requireResults();
    requireMeasured("to pass the check " + name, ScenarioResult::rpo);
    for (ScenarioResult result : actual) {
      List<Check> found =
          result.checks().stream().filter(check -> check.name().equals(name)).toList();
      if (found.isEmpty() && result.rpo().isPresent()) {
        throw failed(
            result,
            "to pass the check " + name,
            "it has only " + result.checks().stream().map(Check::name).toList());
      }
      for (Check check : found) {
        if (!check.passed()) {
          throw failed(result, "to pass the check " + name, "it failed: " + check.detail());
        }
      }
    }
    return this;
  }

  private DrillAssert eachRpo(String expected, Function<Rpo, Optional<String>> problem) {
    return each(expected, ScenarioResult::rpo, problem);
  }

  private <T> DrillAssert each(
      String expected,
      Function<ScenarioResult, Optional<T>> figures,
      Function<T, Optional<String>> problem) {
    requireResults();
    requireMeasured(expected, figures);
    for (ScenarioResult result : actual) {
      figures.apply(result).flatMap(problem).ifPresent(found -> {
        throw failed(result, expected, found);
      });
    }
    return this;
  }

  private void requireResults() {
    isNotNull();
    if (actual.isEmpty()) {
      throw failure("Expecting a drill that has results, but nothing was run");
    }
  }

  private <T> void requireMeasured(String expected, Function<ScenarioResult, Optional<T>> figures) {
    for (ScenarioResult result : actual) {
      if (figures.apply(result).isEmpty() && result.verdict() != Verdict.PASSED) {
        throw failed(result, expected, "nothing was measured: it " + verdict(result));
      }
    }
    if (actual.stream().allMatch(result -> figures.apply(result).isEmpty())) {
      throw failed(actual.get(0), expected, "nothing was measured: it recovered nothing");
    }
  }

  private AssertionError failed(ScenarioResult result, String expected, String found) {
    return failure("Expecting %s%n  %s%nbut %s", result.title(), expected, found);
  }

  private static String verdict(ScenarioResult result) {
    String verdict = switch (result.verdict()) {
      case PASSED -> "passed";
      case SKIPPED -> "was skipped";
      case INCONCLUSIVE -> "was inconclusive";
      case FAILED -> "failed";
    };
    return verdict + (result.reasons().isEmpty() ? "" : ": " + String.join("; ", result.reasons()));
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
