package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * S24: one bit of a block is wrong that two backups share. A verification names both; neither is restored, and what helps is said: a
 * backup that shares no block. That one restores.
 */
final class SharedBlock implements Scenario {
  private static final int COMMITS = 200;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S24",
          "shared-block",
          2,
          true,
          "a block that two backups share is damaged: both are named and refused, a fresh one restores")
      .breaking("one bit of a block is flipped that two backups share")
      .expecting("a verification names both", "backups-named")
      .expecting("with file and blocks", "blocks-named")
      .expecting("restoring either is refused within 5 s", "refusal-first", "refusal-second")
      .expecting(
          "so is a restore of everything, which names both and advises barman.fresh",
          "refusal-latest")
      .expecting("nothing is written to the target directory", "nothing-written")
      .expecting("a backup with barman.fresh shares no pack with them", "shares-nothing")
      .expecting("it is what a restore takes", "fresh-backup")
      .expecting("nothing is lost")
      .measuring(
          "acknowledged commits that are missing, none may be; the bytes of log that could not have "
              + "been recovered before the fresh backup are told",
          Measures.OF_THE_REFUSAL_AND_PLAN);

  /** The refusals of what must not be restored. */
  record Refusals(Refusal first, Refusal second, Refusal latest) {
    static Refusals of(Engine engine, Backup first, Backup second, Path directory) {
      RestoreRequest.Builder request = RestoreRequest.to(directory);
      return new Refusals(
          Refusal.of(() -> engine.restore(request.backup(first.id().value()).build())),
          Refusal.of(() -> engine.restore(request.backup(second.id().value()).build())),
          Refusal.of(() -> engine.restore(request.backup(null).build())));
    }
  }

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
      host.startReceiver();
      primary.requireStreaming(host);
      // Before the load and without a vacuum: what it stores does not change until the second one.
      Backup first = host.backup();
      primary.startLoad(request);
      Backup second = stage.anotherBackup(COMMITS);
      try (Damage damage = new Fault.FlipBit(first.id()).inject(host)) {
        host.serverBroken();
        long since = System.nanoTime();
        stage.tell("a bit of backup " + first.id() + " is wrong, which " + second.id() + " shares");
        VerifyReport report = host.engine().verify(VerifyRequest.all());
        Path directory = stage.path("refused");
        Refusals refusals = Refusals.of(host.recoveryEngine(), first, second, directory);
        List<ScenarioResult> results = new ArrayList<>();
        results.add(
            refused(report, refusals, first.id(), second.id(), directory).judged(INFO, "refused"));

        Backup fresh = host.backup(BackupRequest.defaults().sharingNothing());
        stage.awaitCommits(COMMITS, "the fresh backup", fresh.endLsn());
        primary.stopLoad();
        primary.awaitReceived(host);
        host.stopReceiver();
        results.add(new Rewind(
                "fresh", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since)
            .run(
                stage,
                INFO,
                (recovery, validation) -> restoredFrom(recovery.result().backup(), fresh, second)));
        return results;
      }
    }
  }

  /** What must have been said. */
  static Observation refused(
      VerifyReport report, Refusals refusals, BackupId first, BackupId second, Path directory) {
    Observation verified = DamagedBlock.verified(report, List.of(first, second));
    ErrorCode damaged = ErrorCode.RESTORE_BACKUP_DAMAGED;
    List<Check> checks = new ArrayList<>(verified.checks());
    checks.add(refusals
        .first()
        .check("refusal-first", damaged, MissingSegment.AT_ONCE, List.of(first.value())));
    checks.add(refusals
        .second()
        .check("refusal-second", damaged, MissingSegment.AT_ONCE, List.of(second.value())));
    checks.add(refusals
        .latest()
        .check(
            "refusal-latest",
            damaged,
            MissingSegment.AT_ONCE,
            List.of(first.value(), second.value(), "barman.fresh")));
    checks.add(MissingSegment.untouched(directory));
    List<Figure> figures = new ArrayList<>(verified.figures());
    figures.add(refusals.latest().figure("refusalMillis"));
    return new Observation(checks, figures, List.of());
  }

  /** @param before the newest of the damaged ones */
  static Observation restoredFrom(BackupId restored, Backup fresh, Backup before) {
    return new Observation(
        List.of(
            new Check(
                "fresh-backup",
                restored.equals(fresh.id()),
                "restored from " + restored + ", " + fresh.id() + " is the fresh one"),
            new Check(
                "shares-nothing",
                fresh.packs().keySet().stream().noneMatch(before.packs()::containsKey),
                "the fresh backup has " + fresh.packs().size() + " packs of its own")),
        // What could not have been recovered had the server died before the fresh backup was there.
        List.of(new Figure("exposedBytes", Math.max(0, fresh.endLsn().minus(before.endLsn())))),
        List.of());
  }
}
