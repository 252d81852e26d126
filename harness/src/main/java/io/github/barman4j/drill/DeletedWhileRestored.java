package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * S28: while a backup is being restored, somebody deletes it, and then the one before it, with which it shares blocks; the restore is held
 * in the middle of its files meanwhile. The first is refused and works afterwards, the second does no harm: what is restored is complete.
 */
final class DeletedWhileRestored implements Scenario {
  private static final int COMMITS = 100;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S28",
          "deleted-while-restored",
          1,
          true,
          "a backup and its predecessor are deleted while it is restored: refused or harmless, the restore is complete")
      .breaking(
          "while a restore stands still in the middle of its files, its backup is deleted, and the "
              + "backup before it, with which it shares blocks")
      .expecting("deleting the backup that is being restored is refused within 5 s", "refusal")
      .expecting("the one before it is deleted", "predecessor-deleted")
      .expecting("the restore is of the backup that was named", "backup")
      .expecting("afterwards that backup can be deleted", "deleted-afterwards")
      .expecting("what was restored is complete, nothing is lost")
      .measuring(Measures.NOTHING_LOST, Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /**
   * What came of the deletions.
   *
   * @param inUse of the backup that was being restored
   * @param predecessor of the one before it
   * @param halfCopied whether the restore had written some files and still had to write others, all the time
   * @param left the backups after both
   * @param afterwards of the same backup once more, after the restore
   * @param leftAfterwards the backups at the end
   */
  record Deletions(
      Refusal inUse,
      Refusal predecessor,
      boolean halfCopied,
      List<BackupId> left,
      Refusal afterwards,
      List<BackupId> leftAfterwards) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup predecessor = stage.backupUnderLoad(COMMITS);
      Backup restored = stage.anotherBackup(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      host.announceRestores();
      Rewind rewind = new Rewind(
          "restored",
          new RecoveryTarget.Latest(),
          new Horizon.Everything(),
          hashes,
          System.nanoTime());
      AtomicReference<Meanwhile> seen = new AtomicReference<>();
      try (HeldCopy copy = HeldCopy.in(stage.newFolder("held"), stage.path("forced"))) {
        ScenarioResult result = copy.during(
            () -> rewind.run(
                stage,
                INFO,
                copy.place(),
                wishes -> wishes.backup(restored.id().value()),
                (recovery, validation) -> from(restored.id(), recovery.result().backup())),
            () -> {
              Refusal inUse = Refusal.of(() -> host.delete(restored.id()));
              Refusal earlier = Refusal.of(() -> host.delete(predecessor.id()));
              seen.set(new Meanwhile(inUse, earlier, copy.holds(), host.backups()));
            });
        Meanwhile meanwhile = seen.get();
        stage.tell("while " + restored.id() + " is restored " + meanwhile.left() + " is left");
        Refusal afterwards = Refusal.of(() -> host.delete(restored.id()));
        Deletions deletions = new Deletions(
            meanwhile.inUse(),
            meanwhile.predecessor(),
            meanwhile.halfCopied(),
            meanwhile.left(),
            afterwards,
            host.backups());
        return List.of(observed(deletions, restored.id()).judged(INFO, "deletions"), result);
      }
    }
  }

  /** What of it is seen while the restore is held. */
  private record Meanwhile(
      Refusal inUse, Refusal predecessor, boolean halfCopied, List<BackupId> left) {}

  /** What must have come of them. */
  static Observation observed(Deletions seen, BackupId restored) {
    return new Observation(
        List.of(
            seen.inUse()
                .check(
                    "refusal",
                    ErrorCode.REPOSITORY_LOCKED,
                    MissingSegment.AT_ONCE,
                    List.of(restored.value())),
            done("predecessor-deleted", seen.predecessor(), seen.left(), List.of(restored)),
            done("deleted-afterwards", seen.afterwards(), seen.leftAfterwards(), List.of())),
        List.of(seen.inUse().figure("refusalMillis")),
        seen.halfCopied()
            ? List.of()
            : List.of("the restore was not in the middle of its files during both deletions"));
  }

  private static Observation from(BackupId wanted, BackupId taken) {
    return new Observation(
        List.of(new Check("backup", taken.equals(wanted), "restored from " + taken)),
        List.of(),
        List.of());
  }

  private static Check done(
      String name, Refusal refusal, List<BackupId> left, List<BackupId> expected) {
    boolean fine = refusal.said() == null && left.equals(expected);
    String said =
        refusal.said() == null ? "deleted" : "refused: " + refusal.said().problem();
    return new Check(name, fine, said + "; left is " + left);
  }
}
