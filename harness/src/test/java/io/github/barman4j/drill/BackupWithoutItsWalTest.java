package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.WalGapException;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.drill.BackupWithoutItsWal.Answers;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupWithoutItsWalTest {
  private static final WalSegment LOST =
      WalSegment.parse("000000010000000000000007", new WalSegmentSize(1 << 20));
  private static final BackupId OLDER = new BackupId("20261126T120000Z-aaaa");
  private static final BackupId NEWEST = new BackupId("20261126T130000Z-bbbb");
  private static final List<String> SAID =
      List.of("backup " + NEWEST + " is passed over: segment " + LOST.name() + " is missing");

  private static final List<String> FOUND =
      List.of("backup " + NEWEST + ": wal/" + LOST.name() + ": it is missing");

  @TempDir
  Path folder;

  @Test
  void passesWhenTheNewestIsPassedOverAndRefused() {
    ScenarioResult result = judge(new Answers(latest(), named(), OLDER, SAID, FOUND));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheNewestIsChosen() {
    ScenarioResult result = judge(new Answers(latest(), named(), NEWEST, SAID, FOUND));
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons())
        .singleElement()
        .asString()
        .startsWith("check passed-over failed: the plan takes " + NEWEST);
  }

  @Test
  void failsWhenItIsPassedOverInSilence() {
    assertThat(judge(new Answers(latest(), named(), OLDER, List.of("backup " + OLDER), FOUND))
            .reasons())
        .singleElement()
        .asString()
        .startsWith("check passed-over failed");
  }

  @Test
  void failsWhenTheNamedBackupIsRestored() {
    assertThat(judge(new Answers(latest(), Refusal.of(() -> {}), OLDER, SAID, FOUND))
            .reasons())
        .containsExactly("check refusal-named failed: it was not refused");
  }

  @Test
  void failsWhenTheGapIsJumped() {
    assertThat(judge(new Answers(Refusal.of(() -> {}), named(), OLDER, SAID, FOUND))
            .reasons())
        .startsWith("check refusal-latest failed: it was not refused");
  }

  @Test
  void failsWhenAVerificationSaysNothingOfTheBackup() {
    List<String> ofTheLog = List.of("wal/" + LOST.name() + ": it is missing");
    assertThat(judge(new Answers(latest(), named(), OLDER, SAID, ofTheLog)).reasons())
        .singleElement()
        .asString()
        .startsWith("check verified failed");
  }

  private ScenarioResult judge(Answers answers) {
    return BackupWithoutItsWal.observed(answers, LOST, OLDER, NEWEST, folder.resolve("absent"))
        .judged(new BackupWithoutItsWal().info(), "first-segment");
  }

  private static Refusal latest() {
    return gap("on the way from backup " + OLDER, "barman.targetLsn=0/6FFF00 restores");
  }

  private static Refusal named() {
    return gap("which backup " + NEWEST + " needs", "take a new backup");
  }

  private static Refusal gap(String where, String hint) {
    return new Refusal(
        new WalGapException(
            ErrorCode.WAL_GAP, "segment " + LOST.name() + " is missing, " + where, hint),
        Duration.ofMillis(5));
  }
}
