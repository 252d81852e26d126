package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.drill.DeletedWhileRestored.Deletions;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeletedWhileRestoredTest {
  private static final BackupId RESTORED = new BackupId("20261126T120000Z-aaaa");
  private static final BackupId OTHER = new BackupId("20261126T110000Z-bbbb");
  private static final Refusal DONE = Refusal.of(() -> {});
  private static final Refusal IN_USE = new Refusal(
      new BarmanException(ErrorCode.REPOSITORY_LOCKED, RESTORED + " is being restored", "wait"),
      Duration.ofMillis(5));

  @Test
  void passesWhenItIsRefusedFirstAndDoneAfterwards() {
    ScenarioResult result =
        judge(new Deletions(IN_USE, DONE, true, List.of(RESTORED), DONE, List.of()));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenABackupInUseIsDeleted() {
    assertThat(
            judge(new Deletions(DONE, DONE, true, List.of(), DONE, List.of())).reasons())
        .startsWith("check refusal failed: it was not refused");
  }

  @Test
  void failsWhenTheBackupStaysInUse() {
    assertThat(
            judge(new Deletions(IN_USE, DONE, true, List.of(RESTORED), IN_USE, List.of(RESTORED)))
                .reasons())
        .singleElement()
        .asString()
        .startsWith("check deleted-afterwards failed: refused: " + RESTORED);
  }

  @Test
  void failsWhenTheWrongBackupIsGone() {
    assertThat(judge(new Deletions(IN_USE, DONE, true, List.of(OTHER), DONE, List.of()))
            .reasons())
        .singleElement()
        .asString()
        .startsWith("check predecessor-deleted failed");
  }

  @Test
  void isInconclusiveWhenTheRestoreWasFaster() {
    assertThat(judge(new Deletions(IN_USE, DONE, false, List.of(RESTORED), DONE, List.of()))
            .verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static ScenarioResult judge(Deletions deletions) {
    return DeletedWhileRestored.observed(deletions, RESTORED)
        .judged(new DeletedWhileRestored().info(), "deletions");
  }
}
