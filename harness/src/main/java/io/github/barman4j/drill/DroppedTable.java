package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * S05: somebody drops a table and the load goes on; four recoveries to just before it, by transaction, position, time and name. Nothing
 * before the target may be missing, nothing after it may be there.
 */
final class DroppedTable implements Scenario {
  private static final String RESTORE_POINT = "before the mistake";
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S05",
          "dropped-table",
          1,
          true,
          "DROP TABLE while the load goes on: recovery to just before it by xid, LSN, time and name")
      .breaking(
          "DROP TABLE, and the load goes on for 200 commits; before it a restore point, a position "
              + "and the server's time were noted")
      .expecting(
          "four recoveries (xid exclusive, LSN exclusive, time, restore point) have the table "
              + "again, equal to what it was",
          "tables")
      .expecting("nothing from before the target is lost")
      .expecting("nothing from after the target is there: not one commit of overshoot")
      .measuring(Measures.ON_TARGET, Measures.FROM_PLAN);

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
      Backup backup = stage.backupUnderLoad(COMMITS);
      Mistake mistake = Mistake.make(primary, RESTORE_POINT, new Fault.DropTable(Primary.VICTIM));

      stage.awaitCommits(COMMITS, "the mistake", mistake.transaction().after());
      primary.stopLoad();
      Map<RowKey, Instant> commitTimes = primary.query(LoadTable::commitTimes);
      primary.awaitReceived(host);
      host.stopReceiver();

      Ledger ledger = primary.ledger();
      int afterBackup = ledger.acknowledgedFrom(backup.endLsn());
      int between = afterBackup - ledger.acknowledgedFrom(mistake.transaction().before());
      int later = ledger.acknowledgedFrom(mistake.transaction().after());
      Observation more = new Observation(
          List.of(),
          List.of(
              new Figure("acknowledgedAfterBackup", afterBackup),
              new Figure("acknowledgedAfterMistake", later)),
          unmet(between, later));
      return rewinds(mistake, commitTimes, hashes).stream()
          .map(rewind -> rewind.run(stage, INFO, (recovery, validation) -> more))
          .toList();
    }
  }

  static List<Rewind> rewinds(
      Mistake mistake, Map<RowKey, Instant> commitTimes, TableHashes hashes) {
    return List.of(
        new Rewind(
            "xid",
            new RecoveryTarget.AtXid(mistake.transaction().xid(), false),
            new Horizon.Position(
                mistake.transaction().before(), mistake.transaction().after()),
            hashes,
            mistake.nanos()),
        new Rewind(
            "lsn",
            new RecoveryTarget.AtLsn(mistake.position(), false),
            new Horizon.Position(mistake.position(), mistake.position()),
            hashes,
            mistake.nanos()),
        new Rewind(
            "time",
            new RecoveryTarget.AtTime(mistake.time(), true),
            new Horizon.Time(mistake.time(), mistake.position(), commitTimes),
            hashes,
            mistake.nanos()),
        new Rewind(
            "name",
            new RecoveryTarget.AtName(RESTORE_POINT),
            new Horizon.Position(mistake.restorePoint(), mistake.restorePoint()),
            hashes,
            mistake.nanos()));
  }

  /**
   * @param between how many commits were acknowledged between the backup and the mistake
   * @param later how many after it
   */
  static List<String> unmet(int between, int later) {
    List<String> unmet = new ArrayList<>();
    if (between <= 0) {
      unmet.add("no commit was acknowledged between the backup and the mistake");
    }
    if (later <= 0) {
      unmet.add("no commit was acknowledged after the mistake, so nothing could overshoot");
    }
    return unmet;
  }
}
