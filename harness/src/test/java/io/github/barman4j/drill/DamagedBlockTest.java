package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.verify.Finding;
import io.github.barman4j.verify.VerifiedBackup;
import io.github.barman4j.verify.VerifiedWal;
import io.github.barman4j.verify.VerifyReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DamagedBlockTest {
  static final BackupId OLDER = new BackupId("20261126T120000Z-0001");
  static final BackupId NEWEST = new BackupId("20261126T120100Z-0002");

  @TempDir
  Path folder;

  @Test
  void passesWhenBackupFileAndBlockAreNamed() {
    assertThat(verified(List.of(NEWEST), finding(NEWEST, 3L)).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(verified(List.of(OLDER, NEWEST), finding(OLDER, 3L), finding(NEWEST, 3L))
            .verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheDamageIsNotFound() {
    assertThat(verified(List.of(NEWEST)).reasons())
        .containsExactly(
            "check backups-named failed: it names [], the block is used by [" + NEWEST + "]",
            "check blocks-named failed: it found nothing");
  }

  @Test
  void failsWhenAnotherBackupIsNamedOrOneIsNot() {
    assertThat(verified(List.of(NEWEST), finding(OLDER, 3L)).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(
            verified(List.of(NEWEST), finding(OLDER, 3L), finding(NEWEST, 3L)).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(verified(List.of(OLDER, NEWEST), finding(NEWEST, 3L)).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenNoBlockIsNamed() {
    assertThat(verified(List.of(NEWEST), finding(NEWEST)).reasons())
        .singleElement()
        .asString()
        .startsWith("check blocks-named failed: 1 findings");
  }

  @Test
  void failsWhenTheDamagedBackupIsRestoredOrNothingIsSaid() {
    String said = "backup " + NEWEST + " is damaged: …; backup " + OLDER + " is taken instead";
    assertThat(instead(OLDER, List.of(said)).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(instead(NEWEST, List.of(said)).reasons())
        .singleElement()
        .asString()
        .startsWith("check older-backup failed");
    assertThat(instead(OLDER, List.of()).reasons())
        .containsExactly("check said-so failed: it said nothing of the damage");
    assertThat(instead(OLDER, List.of("backup " + OLDER + " is damaged")).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void aBitThatIsFlippedTwiceIsWhatItWas() throws IOException {
    Path file = Files.write(folder.resolve("file"), new byte[] {7, 8, 9});
    FlippedBit.in(file, 1);
    assertThat(file).hasBinaryContent(new byte[] {7, 9, 9});
    FlippedBit.in(file, 1);
    assertThat(file).hasBinaryContent(new byte[] {7, 8, 9});
  }

  private static ScenarioResult verified(List<BackupId> users, Finding... findings) {
    return DamagedBlock.verified(report(findings), users)
        .judged(new DamagedBlock().info(), "verified");
  }

  static VerifyReport report(Finding... findings) {
    return new VerifyReport(
        "drill",
        List.of(new VerifiedBackup(NEWEST.value(), 1, 1, 1, 1, List.of(findings))),
        new VerifiedWal(1, Optional.empty(), Optional.empty(), List.of(), List.of()),
        List.of(),
        List.of(),
        Duration.ofMillis(5));
  }

  static Finding finding(BackupId backup, Long... blocks) {
    return new Finding(backup.value(), "base/5/1", "t", List.of(blocks), "bad");
  }

  private static ScenarioResult instead(BackupId restored, List<String> fallbacks) {
    RestoreResult.Phase phase = new RestoreResult.Phase(Duration.ZERO, 1, 1);
    RestoreResult result = new RestoreResult(
        restored,
        Timeline.FIRST,
        Path.of("restored"),
        "the latest point",
        phase,
        phase,
        Duration.ZERO,
        Optional.empty(),
        fallbacks,
        List.of(),
        List.of());
    return DamagedBlock.instead(result, OLDER, NEWEST)
        .judged(new DamagedBlock().info(), "known-before");
  }
}
