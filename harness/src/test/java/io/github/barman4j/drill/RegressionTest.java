package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.HistoryEntry;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Trend;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RegressionTest {

  @Test
  void failsARecoveryThatTakesLongerThanTheMedianAllows() {
    ScenarioResult judged =
        Regression.judged(result(Verdict.PASSED, 3601, 20).withEarlier(passed(3000, 2000, 9000)));
    assertThat(judged.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(judged.reasons())
        .containsExactly("the recovery took 3.60 s, 20.0 % longer than the median of 3 earlier"
            + " runs, 3.00 s; the limit is 20 %");
  }

  @Test
  void allowsExactlyTheLimit() {
    ScenarioResult result = result(Verdict.PASSED, 3600, 20).withEarlier(passed(3000, 2000, 9000));
    assertThat(Regression.judged(result)).isEqualTo(result);
  }

  @Test
  void takesTheMiddleOfTwoForTheMedian() {
    assertThat(Trend.median(passed(4000, 1000, 2000, 9000))).contains(Duration.ofMillis(3000));
    assertThat(Trend.median(passed(4000, 1000, 2000))).contains(Duration.ofMillis(2000));
  }

  @Test
  void doesNotJudgeBeforeTheFourthRun() {
    ScenarioResult result = result(Verdict.PASSED, 99_000, 20).withEarlier(passed(1, 1));
    assertThat(Regression.judged(result)).isEqualTo(result);
    assertThat(Regression.judged(result.withEarlier(passed(1, 1, 1))).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void tellsWhatItCouldNotJudge() {
    ScenarioResult limited = result(Verdict.PASSED, 1, 20);
    assertThat(Regression.isUnjudged(limited.withEarlier(passed(1, 1)))).isTrue();
    assertThat(Regression.isUnjudged(limited.withEarlier(passed(1, 1, 1)))).isFalse();
    assertThat(Regression.isUnjudged(result(Verdict.PASSED, 1, Limits.NONE))).isFalse();
  }

  @Test
  void doesNotCompareWithRunsThatFailed() {
    List<HistoryEntry> runs = new ArrayList<>(passed(1000, 1000));
    runs.add(run(Verdict.FAILED, 1000));
    runs.add(run(Verdict.INCONCLUSIVE, 1000));
    assertThat(Trend.median(runs)).isEmpty();
    runs.add(run(Verdict.PASSED, 1000));
    assertThat(Trend.median(runs)).contains(Duration.ofSeconds(1));
  }

  @Test
  void addsToWhatWasFoundBefore() {
    ScenarioResult failed = result(Verdict.PASSED, 3000, 10)
        .withVerdict(Verdict.FAILED, List.of("lost 1"))
        .withEarlier(passed(1000, 1000, 1000));
    assertThat(Regression.judged(failed).reasons()).hasSize(2).startsWith("lost 1");
  }

  @Test
  void leavesARunAloneThatProvesNothingOrHasNoLimit() {
    ScenarioResult inconclusive =
        result(Verdict.INCONCLUSIVE, 3000, 10).withEarlier(passed(1, 1, 1));
    assertThat(Regression.judged(inconclusive)).isEqualTo(inconclusive);
    ScenarioResult free = result(Verdict.PASSED, 3000, Limits.NONE).withEarlier(passed(1, 1, 1));
    assertThat(Regression.judged(free)).isEqualTo(free);
  }

  private static List<HistoryEntry> passed(long... millis) {
    List<HistoryEntry> runs = new ArrayList<>();
    for (long one : millis) {
      runs.add(run(Verdict.PASSED, one));
    }
    return runs;
  }

  private static HistoryEntry run(Verdict verdict, long millis) {
    return new HistoryEntry(
        Instant.EPOCH,
        new DrillReport.Environment("embedded", "18.6", "17", "Linux", 2),
        new Load(4, 0),
        42,
        "S01",
        "name",
        Optional.empty(),
        verdict,
        OptionalLong.of(0),
        Optional.of(Duration.ZERO),
        Optional.of(Duration.ofMillis(millis)));
  }

  private static ScenarioResult result(Verdict verdict, long millis, int limit) {
    return result(verdict, millis, Limits.ofRtoRegression(limit));
  }

  private static ScenarioResult result(Verdict verdict, long millis, Limits limits) {
    Duration rto = Duration.ofMillis(millis);
    return new ScenarioResult(
        "S01",
        "name",
        Optional.empty(),
        verdict,
        List.of(),
        limits,
        Optional.empty(),
        Optional.of(
            new Rto(rto, List.of(new Phase("all", rto)), List.of(), Optional.empty(), List.of())),
        Optional.empty(),
        List.of(),
        List.of());
  }
}
