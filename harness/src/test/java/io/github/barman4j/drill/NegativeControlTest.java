package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NegativeControlTest {
  private static final String FINDING = "lost 1 acknowledged commit";

  @Test
  void passesWhenTheDrillMadeExactlyTheOneFinding() {
    ScenarioResult result =
        NegativeControl.mustFail(result(Verdict.FAILED, FINDING + ", 1 more"), FINDING);
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(result.reasons())
        .containsExactly("as it must, the drill found: lost 1 acknowledged commit, 1 more");
  }

  @Test
  void failsWhenTheDrillFoundNothing() {
    assertThat(NegativeControl.mustFail(result(Verdict.PASSED), FINDING).verdict())
        .isEqualTo(Verdict.FAILED);
    assertThat(NegativeControl.mustFail(result(Verdict.INCONCLUSIVE, FINDING), FINDING)
            .verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenTheDrillFoundSomethingElseAsWell() {
    ScenarioResult result =
        NegativeControl.mustFail(result(Verdict.FAILED, FINDING, "check x failed"), FINDING);
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons()).singleElement().asString().contains("check x failed");
    assertThat(NegativeControl.mustFail(result(Verdict.FAILED, "check x failed"), FINDING)
            .verdict())
        .isEqualTo(Verdict.FAILED);
  }

  @Test
  void choosesTheLastAcknowledgedRowOfAWriter() {
    List<LedgerEntry> ledger = List.of(
        entry(1, 1, Outcome.UNKNOWN),
        entry(2, 1, Outcome.ACKED),
        entry(2, 2, Outcome.ACKED),
        entry(2, 3, Outcome.UNKNOWN),
        entry(3, 1, Outcome.ACKED));
    assertThat(NegativeControl.lastAcknowledged(ledger)).isEqualTo(new RowKey(2, 2));
  }

  @Test
  void saysSoWhenThereIsNoSuchRow() {
    List<LedgerEntry> ledger = List.of(entry(1, 1, Outcome.UNKNOWN));
    assertThatThrownBy(() -> NegativeControl.lastAcknowledged(ledger))
        .isInstanceOf(BarmanException.class);
  }

  private static ScenarioResult result(Verdict verdict, String... reasons) {
    return ScenarioResult.without("S30", "negative-control", verdict, List.of(reasons));
  }

  private static LedgerEntry entry(int writer, long seq, Outcome outcome) {
    return new LedgerEntry(
        new RowKey(writer, seq), outcome, 7, new Lsn(1), new Lsn(2), 3, Instant.EPOCH);
  }
}
