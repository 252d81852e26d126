package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FullDiskTest {
  private static final Set<String> ITS_OWN = Set.of("b1", "b2");

  @ParameterizedTest
  @EnumSource(names = {"REPOSITORY_IO", "IO"})
  void passesWhenTheBackupFailsAndLeavesNothing(ErrorCode code) {
    ScenarioResult result = judge(says(code, "No space left on device"), 0, ITS_OWN);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheBackupIsTakenForGood() {
    assertThat(judge(Refusal.of(() -> {}), 0, ITS_OWN).reasons())
        .containsExactly("check refused failed: it was not refused");
  }

  @Test
  void failsForAnotherReason() {
    assertThat(judge(says(ErrorCode.REPOSITORY_IO, "Input/output error"), 0, ITS_OWN)
            .verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(judge(says(ErrorCode.INTERNAL, "No space left on device"), 0, ITS_OWN)
            .verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenHalfABackupIsListed() {
    assertThat(judge(full(), 1, ITS_OWN).reasons())
        .containsExactly("check catalog failed: 1 backups were listed after the failure");
  }

  @Test
  void failsForAPackThatNobodyNeedsAndForOneThatIsMissing() {
    assertThat(judge(full(), 0, Set.of("a1", "b1", "b2")).reasons())
        .singleElement()
        .asString()
        .startsWith("check leftovers failed");
    assertThat(judge(full(), 0, Set.of("b1")).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void waitsUntilNoCommitIsAcknowledgedForAWhile() {
    FullDisk.Stall stall = new FullDisk.Stall();
    long enough = FullDisk.STALLED.toNanos();
    assertThat(stall.lasts(7, 0)).isFalse();
    assertThat(stall.lasts(7, enough - 1)).isFalse();
    assertThat(stall.lasts(8, enough)).as("one more was acknowledged").isFalse();
    assertThat(stall.lasts(8, 2 * enough - 1)).isFalse();
    assertThat(stall.lasts(8, 2 * enough)).isTrue();
  }

  private static ScenarioResult judge(Refusal refusal, int listed, Set<String> stored) {
    return FullDisk.refused(refusal, listed, stored, ITS_OWN)
        .judged(new FullDisk().info(), "backup");
  }

  private static Refusal full() {
    return says(ErrorCode.REPOSITORY_IO, "No space left on device");
  }

  private static Refusal says(ErrorCode code, String problem) {
    return new Refusal(new BarmanException(code, problem, "make room"), Duration.ofMillis(9));
  }
}
