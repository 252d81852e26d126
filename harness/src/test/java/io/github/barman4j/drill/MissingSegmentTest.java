package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.WalGapException;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingSegmentTest {
  private static final WalSegment LOST =
      WalSegment.parse("000000010000000000000007", new WalSegmentSize(1 << 20));
  private static final CheckReport REPORTED = new CheckReport(
      "drill",
      List.of(new CheckItem(
          "wal", CheckItem.Status.FAILED, "segment " + LOST.name() + " is missing", "back it up")));

  private static final List<String> FOUND = List.of("wal/" + LOST.name() + ": it is missing");

  @TempDir
  Path folder;

  @Test
  void passesWhenTheGapIsNamedAndReported() {
    ScenarioResult result = judge(refusal(LOST.name(), "0/6FFF00"), REPORTED, "absent");
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(result.figures()).contains(new Figure("bytesBehindGap", 16));
  }

  @Test
  void failsWhenTheRestoreIsNotRefused() {
    ScenarioResult result = judge(Refusal.of(() -> {}), REPORTED, "absent");
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons())
        .contains("check refusal failed: it was not refused")
        .anyMatch(reason -> reason.startsWith("check nearest-point failed: it names no position"));
  }

  @Test
  void failsWhenTheNearestPointLiesBehindTheGap() {
    ScenarioResult result = judge(refusal(LOST.name(), "0/700001"), REPORTED, "absent");
    assertThat(result.reasons())
        .singleElement()
        .asString()
        .startsWith("check nearest-point failed: it names 0/700001");
  }

  @Test
  void failsWhenNobodyReportsTheGap() {
    CheckReport fine = new CheckReport(
        "drill", List.of(new CheckItem("wal", CheckItem.Status.OK, LOST.name(), "")));
    assertThat(judge(refusal(LOST.name(), "0/6FFF00"), fine, "absent").reasons())
        .containsExactly("check gap-reported failed: no item names " + LOST.name());
  }

  @Test
  void failsWhenAVerificationDoesNotFindIt() {
    assertThat(MissingSegment.verified(FOUND, List.of(LOST.name())).passed()).isTrue();
    assertThat(MissingSegment.verified(FOUND, List.of(LOST.next().name())).passed())
        .isFalse();
    assertThat(MissingSegment.verified(List.of(), List.of(LOST.name())).passed())
        .isFalse();
  }

  @Test
  void failsWhenSomethingWasWritten() {
    assertThat(judge(refusal(LOST.name(), "0/6FFF00"), REPORTED, "").reasons())
        .singleElement()
        .asString()
        .startsWith("check nothing-written failed");
  }

  private ScenarioResult judge(Refusal refusal, CheckReport health, String directory) {
    return MissingSegment.observed(
            refusal, LOST, LOST.end().plus(16), health, FOUND, folder.resolve(directory))
        .judged(new MissingSegment().info(), "beyond-the-gap");
  }

  private static Refusal refusal(String segment, String reachable) {
    BarmanException gap = new WalGapException(
        ErrorCode.WAL_GAP,
        "WAL segment " + segment + " is missing",
        "barman.targetLsn=" + Lsn.parse(reachable) + " restores everything before the gap");
    return new Refusal(gap, Duration.ofMillis(20));
  }
}
