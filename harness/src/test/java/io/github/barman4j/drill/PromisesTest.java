package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.util.List;
import org.junit.jupiter.api.Test;

class PromisesTest {
  private static final ScenarioInfo INFO = new ScenarioInfo("S99", "of-the-test", 1, true, "")
      .expecting("it is refused", "refusal")
      .expectingWhereSeen("nobody reads", "reads");

  private static ScenarioResult with(Verdict verdict, String... checks) {
    return ScenarioResult.without("S99", "of-the-test", verdict, List.of())
        .withChecks(
            List.of(checks).stream().map(name -> new Check(name, true, "fine")).toList());
  }

  @Test
  void findsACheckInAnyVariant() {
    List<ScenarioResult> results =
        List.of(with(Verdict.PASSED, "refusal"), with(Verdict.PASSED, "ledger"));
    assertThat(Promises.kept(INFO, results)).isEqualTo(results);
  }

  @Test
  void failsAPassWithoutAPromisedCheck() {
    List<ScenarioResult> judged =
        Promises.kept(INFO, List.of(with(Verdict.PASSED, "ledger"), with(Verdict.PASSED)));
    assertThat(judged)
        .extracting(ScenarioResult::verdict)
        .containsExactly(Verdict.PASSED, Verdict.FAILED);
    assertThat(judged.get(1).reasons())
        .containsExactly("the check refusal was not made, so nobody knows whether it is refused");
  }

  @Test
  void failsAPassWithoutFiguresWhereTheyDecide() {
    ScenarioInfo info =
        new ScenarioInfo("S99", "of-the-test", 1, true, "").expecting("nothing is lost");
    assertThat(
            Promises.kept(info, List.of(with(Verdict.PASSED, "ledger"))).get(0).reasons())
        .containsExactly("nothing was measured, so nobody knows whether nothing is lost");
  }

  @Test
  void leavesWhatDidNotPassAsItIs() {
    for (Verdict verdict : List.of(Verdict.SKIPPED, Verdict.FAILED, Verdict.INCONCLUSIVE)) {
      List<ScenarioResult> results = List.of(with(Verdict.PASSED), with(verdict));
      assertThat(Promises.kept(INFO, results)).isEqualTo(results);
    }
  }
}
