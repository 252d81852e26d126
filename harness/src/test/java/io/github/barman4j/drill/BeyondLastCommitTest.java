package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BeyondLastCommitTest {
  private static final Instant LAST = Instant.parse("2026-11-26T15:00:00.000001Z");
  private static final Instant NOW = Instant.parse("2026-11-26T15:00:01Z");

  @TempDir
  Path folder;

  @Test
  void passesWhenTheNearestTimeIsNamed() {
    ScenarioResult result = judge(refusal(LAST, Duration.ofMillis(30)), NOW);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenNothingIsRefused() {
    assertThat(judge(Refusal.of(() -> {}), NOW).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenAnotherTimeIsNamed() {
    assertThat(judge(refusal(LAST.plusNanos(1000), Duration.ZERO), NOW).reasons())
        .hasSize(2)
        .last()
        .asString()
        .startsWith("check nearest-point failed: it names 2026-11-26T15:00:00.000002Z");
  }

  @Test
  void failsWhenTheRefusalTakesFiveSeconds() {
    assertThat(judge(refusal(LAST, Duration.ofMillis(5001)), NOW).reasons())
        .containsExactly("check refusal failed: refused after 5.00 s, later than 5.00 s");
  }

  @Test
  void isInconclusiveWhenSomethingWasCommittedAtTheTarget() {
    ScenarioResult result = judge(refusal(NOW, Duration.ZERO), NOW, NOW);
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private ScenarioResult judge(Refusal refusal, Instant now) {
    return judge(refusal, LAST, now);
  }

  private ScenarioResult judge(Refusal refusal, Instant last, Instant now) {
    return BeyondLastCommit.observed(
            refusal, new BeyondLastCommit.Quiet(last, now), folder.resolve("absent"))
        .judged(new BeyondLastCommit().info(), "no-later-commit");
  }

  private static Refusal refusal(Instant last, Duration took) {
    return new Refusal(
        new BarmanException(
            ErrorCode.TARGET_UNREACHABLE,
            "time " + NOW + " cannot be reached: the last one in the WAL ended at " + last,
            "name a time before " + last + ", or leave the target out"),
        took);
  }
}
