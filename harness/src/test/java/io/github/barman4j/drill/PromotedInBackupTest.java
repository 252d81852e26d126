package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromotedInBackupTest {
  private static final BackupId GOOD = new BackupId("20261126T120000Z-0001");
  private static final BackupId BAD = new BackupId("20261126T120100Z-0002");
  private static final BarmanException PROMOTED = new BarmanException(
      ErrorCode.SERVER_ERROR, "the standby was promoted during online backup", "again");

  @Test
  void passesWhenTheBackupFailsAndLeavesNothing() {
    ScenarioResult result =
        judge(PROMOTED, List.of("drill/wal/00000002/x", "drill/backups/"), List.of(GOOD));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void passesWhenTheLogTellsFirst() {
    BarmanException byLog = new BarmanException(
        ErrorCode.BACKUP_FAILED, "the server has changed to timeline 2 at 0/4", "again");
    assertThat(judge(byLog, List.of(), List.of(GOOD)).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheBackupIsTakenForGood() {
    ScenarioResult result = judge(null, List.of(), List.of(GOOD, BAD));
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons())
        .containsExactly(
            "check backup-fails failed: it was not refused",
            "check not-listed failed: 2 backups are listed, 1 are good");
  }

  @ParameterizedTest
  @CsvSource({"CONNECTION_LOST, the standby was promoted", "SERVER_ERROR, no space left"})
  void failsWhenItFailsForAnotherReason(ErrorCode code, String problem) {
    BarmanException other = new BarmanException(code, problem, "again");
    assertThat(judge(other, List.of(), List.of(GOOD)).verdict()).isEqualTo(Verdict.FAILED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "drill/packs/ab/ab00000000000001",
        "drill/manifests/20261126T120100Z-0002",
        "drill/unfinished/20261126T120100Z-0002"
      })
  void failsForAFileThatIsLeft(String file) {
    assertThat(judge(PROMOTED, List.of(file), List.of(GOOD)).reasons())
        .containsExactly("check nothing-stored failed: it left " + file);
  }

  @Test
  void isInconclusiveWhenTheBackupWasOverBefore() {
    ScenarioResult result = PromotedInBackup.observed(
            new Refusal(PROMOTED, Duration.ZERO), List.of(), List.of(GOOD), List.of(GOOD), false)
        .judged(new PromotedInBackup().info(), "promoted");
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void failsWhenTheNextBackupIsOfTheOldTimelineOrNotTheOneThatServes() {
    Timeline second = new Timeline(2);
    assertThat(PromotedInBackup.ofNewPrimary(second, GOOD, GOOD.value()).passed())
        .isTrue();
    assertThat(PromotedInBackup.ofNewPrimary(Timeline.FIRST, GOOD, GOOD.value()).passed())
        .isFalse();
    assertThat(PromotedInBackup.ofNewPrimary(second, GOOD, BAD.value()).passed())
        .isFalse();
  }

  private static ScenarioResult judge(
      BarmanException said, List<String> changes, List<BackupId> listed) {
    return PromotedInBackup.observed(
            new Refusal(said, Duration.ofMillis(300)), changes, List.of(GOOD), listed, true)
        .judged(new PromotedInBackup().info(), "promoted");
  }
}
