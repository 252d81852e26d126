package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * S05: somebody drops a table and the load goes on; four recoveries to just before it, by transaction, position, time and name. Nothing
 * before the target may be missing, nothing after it may be there.
 */
final class DroppedTable implements Scenario {
  private static final String RESTORE_POINT = "before the mistake";
  private static final int COMMITS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final ScenarioInfo INFO = new ScenarioInfo(
      "S05",
      "dropped-table",
      1,
      true,
      "DROP TABLE while the load goes on: recovery to just before it by xid, LSN, time and name");

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** A target and what it promises. */
  private record Run(String variant, RecoveryTarget target, Horizon horizon) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      host.startReceiver();
      primary.requireStreaming(host);
      primary.startLoad(request);
      Backup backup = host.backup();
      primary.awaitLoad(
          COMMITS + " commits after the backup",
          ledger -> ledger.acknowledgedFrom(backup.endLsn()) >= COMMITS);

      stage.tell("backup " + backup.id() + " taken under load");
      Mistake mistake = Mistake.make(primary, RESTORE_POINT);

      primary.awaitLoad(
          COMMITS + " commits after the mistake",
          ledger -> ledger.acknowledgedFrom(mistake.transaction().after()) >= COMMITS);
      primary.stopLoad();
      Map<RowKey, Instant> commitTimes = primary.query(LoadTable::commitTimes);
      awaitReceived(primary, host);
      host.stopReceiver();

      List<ScenarioResult> results = new ArrayList<>();
      for (Run run : runs(mistake, commitTimes)) {
        results.add(recover(stage, run, mistake, backup, hashes));
      }
      return results;
    }
  }

  private static List<Run> runs(Mistake mistake, Map<RowKey, Instant> commitTimes) {
    return List.of(
        new Run(
            "xid",
            new RecoveryTarget.AtXid(mistake.transaction().xid(), false),
            new Horizon.Position(
                mistake.transaction().before(), mistake.transaction().after())),
        new Run(
            "lsn",
            new RecoveryTarget.AtLsn(mistake.position(), false),
            new Horizon.Position(mistake.position(), mistake.position())),
        new Run(
            "time",
            new RecoveryTarget.AtTime(mistake.time(), true),
            new Horizon.Time(mistake.time(), mistake.position(), commitTimes)),
        new Run(
            "name",
            new RecoveryTarget.AtName(RESTORE_POINT),
            new Horizon.Position(mistake.restorePoint(), mistake.restorePoint())));
  }

  private static ScenarioResult recover(
      Stage stage, Run run, Mistake mistake, Backup backup, TableHashes hashes) {
    Limits limits = stage.request().limits().of(INFO);
    try (Recovery recovery = new Recovery(stage, "restored-" + run.variant())) {
      recovery.toTarget(run.target());
      stage.tell("recovered to " + run.target().describe());
      long begin = System.nanoTime();
      Validation validation = Validation.of(stage, recovery, run.horizon(), hashes);
      recovery.apart("validate", Duration.ofNanos(System.nanoTime() - begin));
      Ledger ledger = stage.primary().ledger();
      RecoveryOutcome outcome = new RecoveryOutcome(
          validation.rpo(mistake.nanos()),
          recovery.rto(),
          recovery.restored(validation.timeline()),
          validation.checks(),
          figures(ledger, backup, mistake),
          unmet(ledger, backup, mistake));
      return outcome.judged(INFO, Optional.of(run.variant()), limits);
    } catch (SQLException e) {
      throw Failures.unreadable(e);
    }
  }

  private static List<Figure> figures(Ledger ledger, Backup backup, Mistake mistake) {
    return List.of(
        new Figure("acknowledgedAfterBackup", ledger.acknowledgedFrom(backup.endLsn())),
        new Figure(
            "acknowledgedAfterMistake",
            ledger.acknowledgedFrom(mistake.transaction().after())));
  }

  private static List<String> unmet(Ledger ledger, Backup backup, Mistake mistake) {
    List<String> unmet = new ArrayList<>();
    int later = ledger.acknowledgedFrom(mistake.transaction().after());
    int between = ledger.acknowledgedFrom(backup.endLsn())
        - ledger.acknowledgedFrom(mistake.transaction().before());
    if (between <= 0) {
      unmet.add("no commit was acknowledged between the backup and the mistake");
    }
    if (later <= 0) {
      unmet.add("no commit was acknowledged after the mistake, so nothing could overshoot");
    }
    return unmet;
  }

  private static void awaitReceived(Primary primary, BackupHost host) {
    Lsn end = Lsn.parse(primary.text("SELECT pg_current_wal_flush_lsn()"));
    if (!Poll.until(Duration.ofMillis(10), PATIENCE, () -> {
      host.requireReceiver();
      return !host.flushed().isBefore(end);
    })) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the receiver did not come to " + end + " but stays at " + host.flushed(),
          "look at the server's log\n" + primary.cluster().log().tail(10));
    }
  }
}
