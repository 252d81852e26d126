package io.github.barman4j.drill;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Decides whether a scenario passed. Pure.
 *
 * <p>Phantoms, overshoot and loss out of order fail whatever the limits are; so does a check. A scenario that broke no limit but did not
 * meet its own conditions is inconclusive.
 */
record Judge(Verdict verdict, List<String> reasons) {
  Judge {
    reasons = List.copyOf(reasons);
  }

  /** @param unmet the conditions of the scenario that were not met, a sentence each */
  static Judge of(Limits limits, Rpo rpo, Duration rto, List<Check> checks, List<String> unmet) {
    List<String> breaches = new ArrayList<>();
    limits.lostTransactions().ifPresent(most -> {
      if (rpo.lostTransactions() > most) {
        breaches.add("lost " + count(rpo.lostTransactions(), "acknowledged commit") + ", "
            + (rpo.lostTransactions() - most) + " more than the limit of " + most);
      }
    });
    limits.rpo().ifPresent(most -> {
      if (rpo.time().compareTo(most) > 0) {
        breaches.add("lost " + seconds(rpo.time()) + " of acknowledged commits, "
            + seconds(rpo.time().minus(most)) + " more than the limit of " + seconds(most));
      }
    });
    tooLong(limits, rto).ifPresent(breaches::add);
    if (rpo.nonPrefixLoss() > 0) {
      breaches.add(count(rpo.nonPrefixLoss(), "lost commit")
          + " below a surviving one of the same writer: data is corrupt or out of order");
    }
    if (rpo.phantoms() > 0) {
      breaches.add(count(rpo.phantoms(), "row") + " that nobody had committed");
    }
    if (rpo.overshoot() > 0) {
      breaches.add(count(rpo.overshoot(), "commit") + " beyond the target");
    }
    return of(breaches, checks, unmet);
  }

  /** What is said of a recovery that took longer than it may. */
  static Optional<String> tooLong(Limits limits, Duration rto) {
    return limits
        .rto()
        .filter(most -> rto.compareTo(most) > 0)
        .map(most -> "the recovery took " + seconds(rto) + ", " + seconds(rto.minus(most))
            + " longer than the limit of " + seconds(most));
  }

  /** Of what was looked at alone, where nothing was recovered. */
  static Judge of(List<Check> checks, List<String> unmet) {
    return of(List.of(), checks, unmet);
  }

  /** @param found the limits that were broken, a sentence each */
  static Judge of(List<String> found, List<Check> checks, List<String> unmet) {
    List<String> breaches = new ArrayList<>(found);
    for (Check check : checks) {
      if (!check.passed()) {
        breaches.add("check " + check.name() + " failed: " + check.detail());
      }
    }
    if (!breaches.isEmpty()) {
      return new Judge(Verdict.FAILED, breaches);
    }
    return unmet.isEmpty()
        ? new Judge(Verdict.PASSED, List.of())
        : new Judge(Verdict.INCONCLUSIVE, unmet);
  }

  private static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
