package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.drill.ThrottledLink.Times;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** S14 and S15. */
class SlowNetworkTest {

  @Test
  void passesWhenTheTransferTookItsTime() {
    ScenarioResult result = throttled(500, 4500, 4000);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenItTookMuchLongerOrThePhasesNameSomethingElse() {
    assertThat(throttled(500, 12_501, 12_000).reasons())
        .containsExactly("check scales failed: it took 12501 ms, at most 12500 are allowed");
    assertThat(throttled(500, 4500, 1000).reasons())
        .containsExactly(
            "check phases-name-transfer failed: the phases give 22 % of it to the transfer");
  }

  @Test
  void isInconclusiveWhenTheLinkWasFast() {
    assertThat(throttled(500, 2000, 1900).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void tellsThePriceOfACommitAndFailsWhenItIsTooHigh() {
    assertThat(delayed(130).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(delayed(130).figures())
        .extracting(figure -> figure.name() + " " + figure.value())
        .containsExactly("commitMicros 2000", "delayedCommitMicros 130000");
    assertThat(delayed(603).reasons())
        .containsExactly("check commit-time failed: a commit took 603 ms, at most 602 are allowed");
  }

  @Test
  void isInconclusiveWhenCommitsDidNotWait() {
    assertThat(delayed(49).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static ScenarioResult throttled(long usual, long throttled, long transfer) {
    Times times = new Times(
        Duration.ofMillis(usual), Duration.ofMillis(throttled), Duration.ofMillis(transfer));
    return ThrottledLink.observed(times).judged(new ThrottledLink().info(), "backup");
  }

  private static ScenarioResult delayed(long millis) {
    return DelayedAnswers.observed(Duration.ofMillis(2), Duration.ofMillis(millis))
        .judged(new DelayedAnswers().info(), "synchronous");
  }
}
