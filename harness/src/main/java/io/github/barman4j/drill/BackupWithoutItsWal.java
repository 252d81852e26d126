package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * S10: the newest backup lacks the first, and then the last, segment that it needs to become consistent. It is passed over, said so, and
 * refused where it is named; the backup before it brings everything back up to the gap.
 */
final class BackupWithoutItsWal implements Scenario {
  private static final int COMMITS = 100;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S10",
          "backup-without-its-wal",
          1,
          true,
          "a segment that the newest backup needs is lost: it is passed over, the one before it serves up to the gap")
      .breaking(
          "the last segment that the newest of two backups needs is deleted; it is put back, and "
              + "the first one is deleted")
      .expecting(
          "a restore of everything is refused within 5 s, naming segment and backup",
          "refusal-latest")
      .expecting("with a position that can be reached", "nearest-point")
      .expecting("a restore that names the backup is refused within 5 s, too", "refusal-named")
      .expecting(
          "where nobody names one the older backup is chosen, and it is said why", "passed-over")
      .expecting("a verification names backup and segment", "verified")
      .expecting("nothing is written to the target directory", "nothing-written")
      .expecting("a recovery to the named position is made from the older backup", "older-backup")
      .expecting("nothing from before the gap is lost")
      .measuring(
          "acknowledged commits from before the named position that are missing",
          Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /**
   * What was answered while a segment was missing.
   *
   * @param latest to a restore of everything there is
   * @param named to a restore of the backup itself
   * @param chosen the backup of a plan for the nearest consistent point, which takes the newest that is complete
   * @param reasons of that plan
   * @param findings of a verification
   */
  record Answers(
      Refusal latest, Refusal named, BackupId chosen, List<String> reasons, List<String> findings) {
    static Answers of(Stage stage, Backup backup, Path directory) {
      Engine engine = stage.host().recoveryEngine();
      RestoreRequest.Builder request = RestoreRequest.to(directory);
      Refusal latest = Refusal.of(() -> engine.restore(request.build()));
      Refusal named =
          Refusal.of(() -> engine.restore(request.backup(backup.id().value()).build()));
      RestorePlan consistent = engine.planRestore(
          request.backup(null).target(new RecoveryTarget.Immediate()).build());
      return new Answers(
          latest,
          named,
          consistent.backup().id(),
          consistent.reasons(),
          MissingSegment.findings(stage.host()));
    }
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, Primary.Settings.SMALL_SEGMENTS)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup older = stage.backupUnderLoad(COMMITS);
      Backup newest = stage.backupOverTwoSegments(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      List<ScenarioResult> results = new ArrayList<>();
      Path directory = stage.path("refused");
      host.serverBroken();
      try (Damage last = new Fault.LoseSegment(newest.lastSegment()).inject(host)) {
        Answers answers = Answers.of(stage, newest, directory);
        results.add(observed(answers, newest.lastSegment(), older.id(), newest.id(), directory)
            .judged(INFO, "last-segment"));
      }
      long since = System.nanoTime();
      WalSegment first = newest.firstSegment();
      try (Damage damage = new Fault.LoseSegment(first).inject(host)) {
        Answers answers = Answers.of(stage, newest, directory);
        results.add(observed(answers, first, older.id(), newest.id(), directory)
            .judged(INFO, "first-segment"));
        answers
            .latest()
            .namedPosition()
            .map(reachable -> upTo(reachable, first, hashes, since)
                .run(
                    stage,
                    INFO,
                    (recovery, validation) ->
                        from(older, newest, recovery, primary.ledger(), reachable, first)))
            .ifPresent(results::add);
      }
      return results;
    }
  }

  /** What must have been answered. */
  static Observation observed(
      Answers answers, WalSegment lost, BackupId older, BackupId newest, Path directory) {
    boolean said = answers.reasons().stream()
        .anyMatch(reason -> reason.contains(newest.value()) && reason.contains(lost.name()));
    return new Observation(
        List.of(
            answers
                .latest()
                .check(
                    "refusal-latest",
                    ErrorCode.WAL_GAP,
                    MissingSegment.AT_ONCE,
                    List.of(lost.name(), older.value())),
            MissingSegment.nearest(answers.latest().namedPosition(), lost),
            answers
                .named()
                .check(
                    "refusal-named",
                    ErrorCode.WAL_GAP,
                    MissingSegment.AT_ONCE,
                    List.of(lost.name(), newest.value())),
            new Check(
                "passed-over",
                answers.chosen().equals(older) && said,
                "the plan takes " + answers.chosen() + ": " + String.join("; ", answers.reasons())),
            MissingSegment.verified(answers.findings(), List.of(newest.value(), lost.name())),
            MissingSegment.untouched(directory)),
        List.of(
            answers.latest().figure("refusalLatestMillis"),
            answers.named().figure("refusalNamedMillis")),
        List.of());
  }

  private static Rewind upTo(Lsn reachable, WalSegment lost, TableHashes hashes, long since) {
    return new Rewind(
        "older-backup",
        new RecoveryTarget.AtLsn(reachable, true),
        new Horizon.Position(reachable, lost.start()),
        hashes,
        since);
  }

  private static Observation from(
      Backup older,
      Backup newest,
      Recovery recovery,
      Ledger ledger,
      Lsn reachable,
      WalSegment lost) {
    int before = ledger.acknowledgedFrom(older.endLsn()) - ledger.acknowledgedFrom(reachable);
    int behind = ledger.acknowledgedFrom(lost.end());
    List<String> unmet = new ArrayList<>();
    if (before <= 0 || behind <= 0) {
      unmet.add(before + " commits before the gap and " + behind + " behind it: both must be some");
    }
    if (newest.firstSegment().equals(newest.lastSegment())) {
      unmet.add("the newest backup needs one segment only, so first and last are the same");
    }
    String taken = recovery.restored(1).backupId();
    return new Observation(
        List.of(
            new Check("older-backup", taken.equals(older.id().value()), "restored from " + taken)),
        List.of(
            new Figure("acknowledgedBeforeGap", before),
            new Figure("acknowledgedBehindGap", behind)),
        unmet);
  }
}
