package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledPrimaryTest {
  @TempDir
  Path folder;

  @Test
  void lossBehindTheReceiverIsItsLag() {
    assertThat(KilledPrimary.withinLag(lost(), new Lsn(19)).passed()).isTrue();
  }

  @Test
  void failsForALossOfWhatTheReceiverHadAcknowledged() {
    Check check = KilledPrimary.withinLag(lost(), new Lsn(20));
    assertThat(check.passed()).isFalse();
    assertThat(check.detail()).startsWith("1 lost commits lie before");
  }

  @Test
  void failsWhenTheDataDirectoryIsStillThere() {
    assertThat(LostDataDirectory.gone(folder).passed()).isFalse();
    assertThat(LostDataDirectory.gone(folder.resolve("absent")).passed()).isTrue();
  }

  @Test
  void isInconclusiveWhenNothingWasLostThatCouldBeBounded() {
    assertThat(KillAsynchronous.bounding(passed(1)).verdict()).isEqualTo(Verdict.PASSED);
    ScenarioResult result = KillAsynchronous.bounding(passed(0));
    assertThat(result.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(result.reasons()).singleElement().asString().contains("nothing to bound");
  }

  private static ScenarioResult passed(long lost) {
    ScenarioInfo info = new KillAsynchronous().info();
    return new RecoveryOutcome(
            new Rpo(9, lost, Duration.ZERO, 0, 0, 0, 0, 0, 0, Optional.empty()),
            new Rto(Duration.ZERO, List.of(), List.of(), Optional.empty(), List.of()),
            new Restored("backup", 1, 1, 1, 1, 2),
            List.of(),
            List.of(),
            List.of())
        .judged(info, Optional.empty(), DrillLimits.NONE.of(info));
  }

  /** The second of two commits, which ended at 20. */
  private static LedgerDiff lost() {
    return LedgerDiff.of(
        List.of(entry(1, 10), entry(2, 20)), Set.of(new RowKey(1, 1)), new Horizon.Everything());
  }

  private static LedgerEntry entry(long seq, long end) {
    return new LedgerEntry(
        new RowKey(1, seq), Outcome.ACKED, 7, new Lsn(end - 5), new Lsn(end), 3, Instant.EPOCH);
  }
}
