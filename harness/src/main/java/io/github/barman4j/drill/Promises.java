package io.github.barman4j.drill;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Holds a run against what the catalogue says of its scenario: what was promised to be looked at and was not is no pass. Pure. */
final class Promises {
  private Promises() {}

  /**
   * @param results of one run, all variants
   * @return the same, unless all passed and something was not looked at: then the last one has failed
   */
  static List<ScenarioResult> kept(ScenarioInfo info, List<ScenarioResult> results) {
    if (results.isEmpty()
        || results.stream().anyMatch(result -> result.verdict() != Verdict.PASSED)) {
      return results;
    }
    List<String> broken = broken(info.detail().expected(), results);
    if (broken.isEmpty()) {
      return results;
    }
    List<ScenarioResult> judged = new ArrayList<>(results);
    int last = judged.size() - 1;
    judged.set(last, judged.get(last).withVerdict(Verdict.FAILED, broken));
    return judged;
  }

  private static List<String> broken(
      List<ScenarioDetail.Expectation> expected, List<ScenarioResult> results) {
    Set<String> made = results.stream()
        .flatMap(result -> result.checks().stream())
        .map(Check::name)
        .collect(Collectors.toSet());
    boolean measured = results.stream()
        .anyMatch(result -> result.rpo().isPresent() || result.rto().isPresent());
    List<String> broken = new ArrayList<>();
    for (ScenarioDetail.Expectation expectation : expected) {
      if (expectation.checks().isEmpty() && !measured) {
        broken.add("nothing was measured, so nobody knows whether " + expectation.text());
      }
      for (String check : expectation.checks()) {
        if (expectation.everywhere() && !made.contains(check)) {
          broken.add("the check " + check + " was not made, so nobody knows whether "
              + expectation.text());
        }
      }
    }
    return broken;
  }
}
