package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DroppedTableTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");
  private static final Mistake MISTAKE = new Mistake(
      new Lsn(100),
      new Lsn(110),
      NOON,
      9,
      new Injection.CommittedTransaction(7, new Lsn(120), new Lsn(130)));
  private static final LedgerEntry BEFORE = entry(1, 80, 90);
  private static final LedgerEntry AFTER = entry(2, 140, 150);
  private static final Map<RowKey, Instant> TIMES =
      Map.of(BEFORE.row(), NOON.minusSeconds(1), AFTER.row(), NOON.plusSeconds(1));

  @Test
  void goesBackByEveryKindOfTarget() {
    assertThat(rewinds()).extracting(Rewind::variant).containsExactly("xid", "lsn", "time", "name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xid", "lsn", "time", "name"})
  void passesWithWhatWasBeforeAndNothingElse(String variant) {
    assertThat(judge(variant, Set.of(BEFORE.row())).reasons()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"xid", "lsn", "time", "name"})
  void failsForACommitBeforeTheMistakeThatIsLost(String variant) {
    assertThat(judge(variant, Set.of()).reasons())
        .containsExactly("lost 1 acknowledged commit, 1 more than the limit of 0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"xid", "lsn", "time", "name"})
  void failsForACommitAfterTheMistakeThatIsThere(String variant) {
    assertThat(judge(variant, Set.of(BEFORE.row(), AFTER.row())).reasons())
        .containsExactly("1 commit beyond the target");
  }

  @Test
  void isInconclusiveWithoutCommitsOnBothSides() {
    assertThat(DroppedTable.unmet(1, 1)).isEmpty();
    assertThat(DroppedTable.unmet(0, 1)).hasSize(1);
    assertThat(DroppedTable.unmet(1, 0)).hasSize(1);
    assertThat(new Observation(List.of(), List.of(), DroppedTable.unmet(1, 0))
            .judged(new DroppedTable().info(), "xid")
            .verdict())
        .isEqualTo(Verdict.INCONCLUSIVE);
  }

  private static List<Rewind> rewinds() {
    return DroppedTable.rewinds(MISTAKE, TIMES, new TableHashes(new TreeMap<>()));
  }

  private static ScenarioResult judge(String variant, Set<RowKey> present) {
    Rewind rewind = rewinds().stream()
        .filter(one -> one.variant().equals(variant))
        .findFirst()
        .orElseThrow();
    LedgerDiff diff = LedgerDiff.of(List.of(BEFORE, AFTER), present, rewind.horizon());
    List<Check> checks = List.of(new Check("tables", true, "equal"));
    ScenarioInfo info = new DroppedTable().info();
    return new RecoveryOutcome(
            new Validation(diff, checks, 2).rpo(rewind.sinceNanos()),
            new Rto(Duration.ZERO, List.of(), List.of(), Optional.empty(), List.of()),
            new Restored("backup", 1, 1, 1, 1, 2),
            checks,
            List.of(),
            List.of())
        .judged(info, Optional.of(variant), DrillLimits.NONE.of(info));
  }

  private static LedgerEntry entry(long seq, long before, long after) {
    return new LedgerEntry(
        new RowKey(1, seq), Outcome.ACKED, seq, new Lsn(before), new Lsn(after), seq, NOON);
  }
}
