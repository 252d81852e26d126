package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;

/**
 * S07: the disk under the running server changes a bit of a table's page, and nobody notices, for nobody reads it. The next backup does:
 * it names table and block, is marked and fails. A restore takes the backup before and the log since then: the page is clean, and nothing
 * is lost.
 */
final class DamagedPage implements Scenario {
  /** A whole backup, for it is known only then. */
  static final Duration WITH_THE_BACKUP = Duration.ofMinutes(2);

  private static final int COMMITS = 200;
  private static final long BLOCK = 1;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S07",
          "damaged-page",
          1,
          true,
          "a page of a table goes bad on the server's disk: the backup names it, the one before brings it back clean")
      .breaking(
          "a bit of a table's page is changed on the running server's disk, behind its back and out "
              + "of its cache, in a cluster with page checksums")
      .expecting("the next backup fails, naming table and block", "page-reported")
      .expecting("it is kept, beside the one before", "kept")
      .expecting("a restore of everything takes the backup before", "older-backup")
      .expecting("and says so", "said-so")
      .expecting("the page is clean again", "checksums", "tables")
      .expecting("nothing is lost")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, server -> server.setting("autovacuum", "off"))) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      primary.forgetPages();
      Backup clean = stage.backupUnderLoad(COMMITS);
      long since = new Fault.DamagePage(Primary.VICTIM, BLOCK).inject(primary).nanos();
      stage.tell("a bit of block " + BLOCK + " of " + Primary.VICTIM + " is wrong on the disk");
      host.serverBroken();
      Refusal refusal = Refusal.of(host::backup);
      List<BackupId> listed = host.engine().backups().stream().map(Backup::id).toList();
      stage.awaitCommits(COMMITS, "the bad page", primary.position());
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      return List.of(
          reported(refusal, clean.id(), listed).judged(INFO, "reported"),
          new Rewind(
                  "clean-page",
                  new RecoveryTarget.Latest(),
                  new Horizon.Everything(),
                  hashes,
                  since)
              .run(
                  stage,
                  INFO,
                  (recovery, validation) -> DamagedBlock.instead(
                      recovery.result(), clean.id(), listed.get(listed.size() - 1))));
    }
  }

  /**
   * What the backup must have said.
   *
   * @param listed all backups afterwards, oldest first
   */
  static Observation reported(Refusal refusal, BackupId clean, List<BackupId> listed) {
    boolean kept = listed.size() == 2 && listed.get(0).equals(clean);
    return new Observation(
        List.of(
            refusal.check(
                "page-reported",
                ErrorCode.PAGE_DAMAGED,
                WITH_THE_BACKUP,
                List.of(Primary.VICTIM, "block " + BLOCK)),
            new Check("kept", kept, listed.size() + " backups are listed: " + listed)),
        List.of(refusal.figure("backupMillis")),
        List.of());
  }
}
