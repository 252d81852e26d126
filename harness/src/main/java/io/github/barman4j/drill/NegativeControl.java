package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * S30: the proof that a drill can fail. A recovery is spoilt in three ways, and each must be found, and nothing else: (a) a recovered row
 * is deleted, (b) the last segment is withheld, (c) the recovery is held up longer than its limit.
 */
final class NegativeControl implements Scenario {
  private static final Duration BEYOND_LIMIT = Duration.ofSeconds(1);

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S30",
          "negative-control",
          1,
          true,
          "recoveries spoilt on purpose: a lost row, a withheld segment, a delay; the drill must find each")
      .breaking(
          "the recovery of S01 is spoilt three times: the last acknowledged row of a writer is "
              + "deleted after it, the partial segment is withheld from it, nobody decides until its "
              + "limit has passed")
      .expecting("each time the drill fails, with this finding and no other: one lost commit, lost "
          + "commits, a recovery that took too long")
      .measuring(
          "acknowledged commits that are missing: one or more must be in the first two",
          "from the fault, or the beginning of the recovery, to the first durable write; the third "
              + "must be over its limit");

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      KilledPrimary killed = KilledPrimary.of(stage, true, Duration.ZERO);
      Limits noLoss = Limits.ofLostTransactions(0);
      ScenarioResult lostRow =
          recover(killed, "lost-row", noLoss, killed.faultNanos(), new DeleteRow(stage));
      ScenarioResult withheld;
      try (WithholdSegment sabotage = new WithholdSegment(stage)) {
        withheld = recover(killed, "withheld-segment", noLoss, System.nanoTime(), sabotage);
      }
      Duration limit = lostRow.rto().map(Rto::total).orElse(Duration.ZERO).plus(BEYOND_LIMIT);
      ScenarioResult held = recover(
          killed,
          "held-up",
          Limits.ofLostTransactions(0).or(Limits.ofRto(limit)),
          System.nanoTime(),
          new HoldUp(limit.plus(BEYOND_LIMIT)));
      return List.of(
          mustFail(lostRow, "lost 1 acknowledged commit,"),
          mustFail(withheld, "lost "),
          mustFail(held, "the recovery took "));
    }
  }

  private static ScenarioResult recover(
      KilledPrimary killed, String variant, Limits limits, long startNanos, Sabotage sabotage) {
    return killed.recover(
        INFO, Optional.of(variant), limits, startNanos, sabotage, validation -> List.of());
  }

  /** Turns the verdict around: a spoilt recovery passes when exactly the one finding was made. */
  static ScenarioResult mustFail(ScenarioResult spoilt, String finding) {
    List<String> reasons = spoilt.reasons();
    if (spoilt.verdict() == Verdict.FAILED
        && reasons.size() == 1
        && reasons.get(0).startsWith(finding)) {
      return spoilt.withVerdict(
          Verdict.PASSED, List.of("as it must, the drill found: " + reasons.get(0)));
    }
    return spoilt.withVerdict(
        Verdict.FAILED,
        List.of("a drill that was spoilt ended " + spoilt.verdict().text()
            + ", not failed with the one finding '" + finding.strip() + " …'; it found: "
            + (reasons.isEmpty() ? "nothing" : String.join("; ", reasons))));
  }

  /**
   * (a) Deletes the last acknowledged row of a writer: lost, and nothing below it. Rows above it have an unknown outcome; they go as
   * well, or the loss would be one out of order.
   */
  private record DeleteRow(Stage stage) implements Sabotage {
    @Override
    public void beforeValidation(Cluster restored) {
      RowKey row = lastAcknowledged(stage.primary().ledger().entries());
      restored.execute(
          Primary.DATABASE,
          "DELETE FROM " + LoadTable.NAME + " WHERE writer = " + row.writer() + " AND seq >= "
              + row.seq());
    }
  }

  /** The last acknowledged row of the first writer that has one. */
  static RowKey lastAcknowledged(List<LedgerEntry> entries) {
    Map<Integer, RowKey> last = new TreeMap<>();
    for (LedgerEntry entry : entries) {
      if (entry.outcome() == Outcome.ACKED) {
        last.merge(
            entry.row().writer(),
            entry.row(),
            (one, other) -> one.compareTo(other) > 0 ? one : other);
      }
    }
    return last.values().stream()
        .findFirst()
        .orElseThrow(() -> new BarmanException(
            ErrorCode.DRILL_FAILED, "no commit was acknowledged", "run the drill again"));
  }

  /** (b) Hides the segment that holds the last acknowledged commits. */
  private static final class WithholdSegment implements Sabotage, AutoCloseable {
    private final Stage stage;
    private Withheld withheld;

    private WithholdSegment(Stage stage) {
      this.stage = stage;
      this.withheld = Withheld.nothing();
    }

    @Override
    public void beforePlan() {
      withheld = stage.host().withholdPartialSegments(stage.path("withheld"));
    }

    @Override
    public void close() {
      withheld.close();
    }
  }

  /** (c) Nobody decides for a while. */
  private record HoldUp(Duration time) implements Sabotage {
    @Override
    public void beforePlan() {
      Hold.on(time);
    }
  }
}
