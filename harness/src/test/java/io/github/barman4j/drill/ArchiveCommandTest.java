package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchiveCommandTest {
  private static final WalSegment ARCHIVED =
      WalSegment.parse("000000010000000000000007", new WalSegmentSize(1 << 20));

  @Test
  void passesWhenOnlyWhatWasNotArchivedIsLost() {
    assertThat(judge(ARCHIVED.end().plus(1), Set.of(new RowKey(1, 1))).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenSomethingArchivedIsLost() {
    ScenarioResult result = judge(ARCHIVED.end(), Set.of(new RowKey(1, 1)));
    assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(result.reasons())
        .containsExactly(
            "check archived failed: 1 lost commits lie in what was archived, which ends at "
                + ARCHIVED.end());
  }

  @Test
  void isInconclusiveWhenNothingIsLost() {
    assertThat(judge(ARCHIVED.end(), Set.of(new RowKey(1, 1), new RowKey(1, 2))).verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  /** @param end of the second of two commits */
  private static ScenarioResult judge(Lsn end, Set<RowKey> present) {
    List<LedgerEntry> ledger = List.of(entry(1, ARCHIVED.start().plus(100)), entry(2, end));
    return ArchiveCommand.observed(
            LedgerDiff.of(ledger, present, new Horizon.Everything()),
            List.of(ARCHIVED),
            Duration.ofMillis(30))
        .judged(new ArchiveCommand().info(), "latest");
  }

  private static LedgerEntry entry(long seq, Lsn end) {
    return new LedgerEntry(
        new RowKey(1, seq), Outcome.ACKED, 7, end.plus(-50), end, 3, Instant.EPOCH);
  }
}
