package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepetitionTest {

  @Test
  void showsTheMedianRunAndAllTotals() {
    List<ScenarioResult> merged = Repetition.merge(List.of(
        List.of(result("xid", Verdict.PASSED, 5), result("lsn", Verdict.PASSED, 1)),
        List.of(result("xid", Verdict.PASSED, 3), result("lsn", Verdict.PASSED, 2)),
        List.of(result("xid", Verdict.PASSED, 4), result("lsn", Verdict.PASSED, 9))));
    assertThat(merged)
        .extracting(result -> result.variant().orElseThrow())
        .containsExactly("xid", "lsn");
    assertThat(merged).extracting(RepetitionTest::seconds).containsExactly(4L, 2L);
    assertThat(merged.get(0).rto().orElseThrow().runs())
        .extracting(Duration::toSeconds)
        .containsExactly(5L, 3L, 4L);
  }

  @Test
  void showsTheRunThatFailed() {
    List<ScenarioResult> merged = Repetition.merge(List.of(
        List.of(result("xid", Verdict.PASSED, 5)),
        List.of(result("xid", Verdict.FAILED, 1)),
        List.of(result("xid", Verdict.INCONCLUSIVE, 4))));
    assertThat(merged).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(seconds(result)).isEqualTo(1);
      assertThat(result.rto().orElseThrow().runs()).hasSize(3);
    });
  }

  @Test
  void leavesASingleRunAsItIs() {
    ScenarioResult only = ScenarioResult.without("S01", "x", Verdict.SKIPPED, List.of("why"));
    assertThat(Repetition.merge(List.of(List.of(only)))).containsExactly(only);
  }

  private static long seconds(ScenarioResult result) {
    return result.rto().orElseThrow().total().toSeconds();
  }

  private static ScenarioResult result(String variant, Verdict verdict, long seconds) {
    Duration total = Duration.ofSeconds(seconds);
    Rto rto = new Rto(
        total, List.of(new Phase("all", total)), List.of(), Optional.empty(), List.of(total));
    return new ScenarioResult(
        "S05",
        "dropped-table",
        Optional.of(variant),
        verdict,
        List.of(),
        Limits.NONE,
        Optional.empty(),
        Optional.of(rto),
        Optional.empty(),
        List.of(),
        List.of());
  }
}
