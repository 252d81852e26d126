package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.drill.CutBackup.Cut;
import io.github.barman4j.drill.CutBackup.Layout;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** S12 and S13. */
class FailedBackupTest {
  private static final BackupId GOOD = new BackupId("20261126T120000Z-0001");
  private static final BackupId BAD = new BackupId("20261126T120100Z-0002");
  private static final BackupId LATER = new BackupId("20261126T120200Z-0003");
  private static final FailedBackup.Next NEXT =
      new FailedBackup.Next(LATER, Duration.ofSeconds(1), List.of(GOOD, LATER));
  private static final BarmanException LOST = new BarmanException(
      ErrorCode.CONNECTION_LOST, "the replication connection is lost: Connection reset", "look");
  private static final BarmanException SILENT = new BarmanException(
      ErrorCode.SERVER_SILENT, "the server has not answered for 3 s", "is the network stuck?");

  @Test
  void passesWhenItFailsAndLeavesNothing() {
    ScenarioResult result =
        cut(failed(LOST, List.of("drill/wal/00000001/x"), List.of(GOOD), List.of()), 42);
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void isInconclusiveWhenTheCutWasElsewhere() {
    ScenarioResult result = cut(failed(LOST, List.of(), List.of(GOOD), List.of()), 43);
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(result.reasons())
        .containsExactly("the connection was to end after 42 bytes and ended after 43");
  }

  @Test
  void failsForABackupThatIsTakenForGood() {
    assertThat(cut(failed(null, List.of(), List.of(GOOD, BAD), List.of()), 42).reasons())
        .containsExactly(
            "check backup-fails failed: it was not refused",
            "check not-listed failed: 2 backups are listed, 1 are good");
  }

  @Test
  void failsForWhatIsLeftOnEitherSide() {
    ScenarioResult result = cut(
        failed(
            LOST,
            List.of("drill/packs/ab/abcd"),
            List.of(GOOD),
            List.of("session barman_backup", "base backup, streaming database files")),
        42);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons())
        .containsExactly(
            "check nothing-stored failed: it left drill/packs/ab/abcd",
            "check server-free failed: the server still has session barman_backup, base backup, streaming database files");
  }

  @Test
  void failsForANextBackupThatIsNotThere() {
    assertThat(NEXT.check(List.of(GOOD)).passed()).isTrue();
    assertThat(new FailedBackup.Next(LATER, Duration.ofSeconds(1), List.of(GOOD, BAD))
            .check(List.of(GOOD)))
        .satisfies(check -> {
          assertThat(check.passed()).isFalse();
          assertThat(check.detail()).contains("is not the newest that is listed");
        });
    assertThat(new FailedBackup.Next(GOOD, Duration.ofSeconds(1), List.of(GOOD))
            .check(List.of(GOOD))
            .passed())
        .isFalse();
  }

  @Test
  void failsForASilenceThatIsNoticedTooLate() {
    Duration late = BrokenBackup.TWO_SILENCES.plus(BrokenBackup.SLACK).plusMillis(1);
    assertThat(silent(SILENT, late).reasons())
        .singleElement()
        .asString()
        .startsWith("check backup-fails failed: refused after");
    assertThat(silent(SILENT, BrokenBackup.SILENCE).verdict()).isEqualTo(Verdict.PASSED);
    assertThat(silent(LOST, BrokenBackup.SILENCE).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void cutsInTheOrderOfTheAnswersParts() {
    Layout layout = new Layout(236, 66_364_214);
    assertThat(Stream.of(Cut.values()).map(cut -> cut.bytes(layout)))
        .isSorted()
        .doesNotHaveDuplicates()
        .startsWith(1L)
        .endsWith(layout.manifest());
    assertThat(Cut.HEADER.bytes(layout)).isBetween(236L + 6, 236L + 6 + 512);
    assertThat(layout.manifest() - Cut.LAST_BLOCK.bytes(layout)).isBetween(1024L, 1024L + 8192);
    assertThat(Stream.of(Cut.values()).map(Cut::variant))
        .containsExactly("first-byte", "header", "middle", "last-block", "before-manifest");
  }

  private static ScenarioResult cut(FailedBackup failed, long came) {
    return CutBackup.observed(failed, 42, came).judged(new CutBackup().info(), "header");
  }

  private static ScenarioResult silent(BarmanException said, Duration after) {
    FailedBackup failed = new FailedBackup(
        new Refusal(said, after), List.of(), List.of(GOOD), List.of(GOOD), List.of(), NEXT);
    return BrokenBackup.observed(
            failed,
            ErrorCode.SERVER_SILENT,
            BrokenBackup.TWO_SILENCES.plus(BrokenBackup.SLACK),
            "has not answered")
        .judged(new BrokenBackup().info(), "silent");
  }

  private static FailedBackup failed(
      @Nullable BarmanException said,
      List<String> changes,
      List<BackupId> listed,
      List<String> onServer) {
    return new FailedBackup(
        new Refusal(said, Duration.ofSeconds(1)), changes, List.of(GOOD), listed, onServer, NEXT);
  }
}
