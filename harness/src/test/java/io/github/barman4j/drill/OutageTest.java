package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** S16 and S17. */
class OutageTest {
  private static final Lsn RECEIVED = new Lsn(0x5000000);
  private static final Duration SOON = Duration.ofSeconds(4);
  private static final Check WHOLE = new Check("no-hole", true, "the log is contiguous");

  @Test
  void passesWhenItWasNoticedAndTheLogWasKept() {
    ScenarioResult result = judge(outage("has not answered", SOON, RECEIVED, 4711), WHOLE);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenNothingWasSaidOrTooLate() {
    assertThat(judge(outage("", SOON, RECEIVED, 4711), WHOLE).reasons())
        .containsExactly("check noticed failed: the receiver said nothing for 4000 ms");
    Duration late = SilentStall.BOUND.plusMillis(1);
    assertThat(judge(outage("it broke", late, RECEIVED, 4711), WHOLE).reasons())
        .containsExactly("check noticed failed: after 6001 ms of at most 6000: it broke");
  }

  @Test
  void failsWhenTheServerForgotWhatWasNotReceived() {
    assertThat(judge(outage("it broke", SOON, RECEIVED.plus(1), 4711), WHOLE).reasons())
        .singleElement()
        .asString()
        .startsWith("check slot-kept failed: the server kept its log from " + RECEIVED.plus(1));
  }

  @Test
  void failsForAGap() {
    Check gap = new Check("no-hole", false, "B comes where A was to follow");
    assertThat(judge(outage("it broke", SOON, RECEIVED, 4711), gap).reasons())
        .containsExactly("check no-hole failed: B comes where A was to follow");
  }

  @Test
  void isInconclusiveWhenNothingWasWritten() {
    assertThat(judge(outage("it broke", SOON, RECEIVED, 0), WHOLE).verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void isInconclusiveWhenThePrimaryDiedAndNothingWasLost() {
    ScenarioResult passed =
        new Observation(List.of(), List.of(), List.of()).judged(new PartitionedHost().info(), "x");
    assertThat(PartitionedHost.bounding(passed).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static Outage outage(String said, Duration detected, Lsn kept, long backlog) {
    return new Outage(said, detected, 10, RECEIVED, kept, backlog, Duration.ofMillis(300));
  }

  private static ScenarioResult judge(Outage outage, Check log) {
    return outage
        .observed(SilentStall.BOUND, List.of(log))
        .judged(new SilentStall().info(), "caught-up");
  }
}
