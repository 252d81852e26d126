package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.drill.ForeignCluster.Answers;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForeignClusterTest {
  private static final Refusal REFUSED = refusal(ErrorCode.REPOSITORY_OTHER_SYSTEM);
  private static final Refusal NOT_OVER = new Refusal(
      new BarmanException(
          ErrorCode.RESTORE_OTHER_SYSTEM, "the directory holds a cluster of the system 2", ""),
      Duration.ofMillis(5));
  private static final CheckReport TOLD = new CheckReport(
      "drill",
      List.of(new CheckItem("system identifier", CheckItem.Status.FAILED, "the server is 2", "")));

  @Test
  void passesWhenEverythingRefuses() {
    ScenarioResult result =
        judge(answers(REFUSED, REFUSED, TOLD, List.of(), List.of("drill/locks/receive")));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheReceiverOrTheBackupGoesOn() {
    Refusal none = Refusal.of(() -> {});
    assertThat(judge(answers(none, REFUSED, TOLD, List.of(), List.of())).reasons())
        .containsExactly("check refusal-receive failed: it was not refused");
    assertThat(judge(answers(REFUSED, none, TOLD, List.of(), List.of())).reasons())
        .containsExactly("check refusal-backup failed: it was not refused");
    Refusal other = refusal(ErrorCode.SLOT_IN_USE);
    assertThat(judge(answers(other, REFUSED, TOLD, List.of(), List.of())).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenSomethingIsLeftOrChanged() {
    assertThat(judge(answers(REFUSED, REFUSED, TOLD, List.of("slot barman"), List.of()))
            .reasons())
        .containsExactly("check other-cluster failed: left on it: [slot barman]");
    assertThat(judge(answers(REFUSED, REFUSED, TOLD, List.of(), List.of("drill/wal/x")))
            .reasons())
        .containsExactly("check repository-kept failed: changed: drill/wal/x");
  }

  @Test
  void failsWhenTheHealthCheckDoesNotTell() {
    CheckReport silent = new CheckReport("drill", List.of());
    assertThat(judge(answers(REFUSED, REFUSED, silent, List.of(), List.of())).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenTheOtherClusterIsOverwritten() {
    Answers jumped = new Answers(
        REFUSED, REFUSED, Refusal.of(() -> {}), TOLD, List.of(), List.of(), List.of("PG_VERSION"));
    assertThat(judge(jumped).reasons())
        .containsExactly(
            "check refusal-restore failed: it was not refused",
            "check its-files failed: changed: PG_VERSION");
  }

  private static Answers answers(
      Refusal receive,
      Refusal backup,
      CheckReport health,
      List<String> left,
      List<String> changed) {
    return new Answers(receive, backup, NOT_OVER, health, left, changed, List.of());
  }

  private static ScenarioResult judge(Answers answers) {
    return ForeignCluster.observed(answers).judged(new ForeignCluster().info(), "refusals");
  }

  private static Refusal refusal(ErrorCode code) {
    return new Refusal(
        new BarmanException(code, "another cluster", "choose another barman.server"),
        Duration.ofMillis(5));
  }
}
