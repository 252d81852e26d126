package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.WalGapException;
import io.github.barman4j.drill.LostSlot.Alert;
import io.github.barman4j.drill.LostSlot.Loss;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LostSlotTest {
  private static final Alert LOUD =
      new Alert("slot barman_drill is lost HINT: take a new backup", Duration.ofMillis(200));
  private static final CheckReport RECORDED = health(CheckItem.Status.FAILED);
  private static final CheckReport BRIDGED = health(CheckItem.Status.WARNING);
  private static final Refusal REFUSED = new Refusal(
      new WalGapException(ErrorCode.WAL_GAP, "segment 7 is missing", "put it back"),
      Duration.ofMillis(5));

  @Test
  void passesWhenItIsSaidRecordedRefusedAndBridged() {
    ScenarioResult result = judge(new Loss(LOUD, RECORDED, REFUSED, BRIDGED));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(result.figures())
        .contains(new Figure("gapBytes", 1 << 20), new Figure("alertMillis", 200));
  }

  @Test
  void failsWhenTheReceiverIsSilentOrLate() {
    Alert silent = new Alert("", Duration.ofSeconds(1));
    assertThat(judge(new Loss(silent, RECORDED, REFUSED, BRIDGED)).reasons())
        .containsExactly("check said failed: nothing was said");
    Alert late = new Alert(LOUD.text(), Duration.ofSeconds(6));
    assertThat(judge(new Loss(late, RECORDED, REFUSED, BRIDGED)).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenNoNewBackupIsAdvised() {
    Alert useless = new Alert("slot barman_drill is lost", Duration.ZERO);
    assertThat(judge(new Loss(useless, RECORDED, REFUSED, BRIDGED)).verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenTheGapIsNotRecordedOrNotBridged() {
    assertThat(judge(new Loss(LOUD, BRIDGED, REFUSED, BRIDGED)).reasons())
        .containsExactly("check gap-recorded failed: the health check has nothing against it");
    assertThat(judge(new Loss(LOUD, RECORDED, REFUSED, RECORDED)).reasons())
        .singleElement()
        .asString()
        .startsWith("check bridged failed: the health check fails");
  }

  @Test
  void failsWhenARestoreJumpsOverTheGap() {
    assertThat(judge(new Loss(LOUD, RECORDED, Refusal.of(() -> {}), BRIDGED)).reasons())
        .containsExactly("check refusal-behind failed: it was not refused");
  }

  private static ScenarioResult judge(Loss loss) {
    return LostSlot.observed(loss).judged(new LostSlot().info(), "dropped");
  }

  private static CheckReport health(CheckItem.Status status) {
    return new CheckReport(
        "drill",
        List.of(new CheckItem(
            "gaps",
            status,
            "1 recorded, the last one from 0/700000 to 0/800000 on timeline 1",
            "")));
  }
}
