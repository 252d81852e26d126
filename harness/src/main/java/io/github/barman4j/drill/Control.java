package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;

/**
 * S00: no fault at all. The same load, receiver and backup as in S01, an orderly end, and a restore beside the server: what throughput
 * and recovery cost on this machine, for the other scenarios' figures to be compared with.
 */
final class Control implements Scenario {
  private static final int COMMITS = 1000;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S00",
          "control",
          1,
          true,
          "no fault: load, synchronous receiver, backup and restore as elsewhere, for comparison")
      .breaking(
          "nothing: the load ends in order, 1000 commits after a backup that was taken under it; the server"
              + " goes on running")
      .expecting("nothing is lost")
      .expecting("every commit that was sent is acknowledged", "undisturbed")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      host.startReceiver();
      primary.requireSynchronous(host);
      long begin = System.nanoTime();
      primary.startLoad(request);
      stage.anotherBackup(COMMITS);
      primary.stopLoad();
      long end = System.nanoTime();
      primary.awaitReceived(host);
      host.stopReceiver();
      Observation seen = observed(primary.ledger().entries(), Duration.ofNanos(end - begin));
      Rewind rewind = new Rewind(
          "synchronous", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, end);
      return List.of(rewind.run(stage, INFO, (recovery, validation) -> seen));
    }
  }

  /** Without a fault every commit is acknowledged; a run in which one is not measures something else. */
  static Observation observed(List<LedgerEntry> entries, Duration took) {
    long acknowledged =
        entries.stream().filter(entry -> entry.outcome() == Outcome.ACKED).count();
    long others = entries.size() - acknowledged;
    return new Observation(
        List.of(new Check(
            "undisturbed",
            others == 0,
            others + " of " + entries.size() + " commits were not acknowledged")),
        List.of(new Figure(
            "commitsPerSecond", Math.round(acknowledged * 1e9 / Math.max(1, took.toNanos())))),
        List.of());
  }
}
