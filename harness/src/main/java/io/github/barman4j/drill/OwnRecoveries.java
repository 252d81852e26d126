package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.TableHashes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The recoveries of one run of a scenario of one's own, each judged when it is over. A recovery that fails fails the run, whoever catches it. */
final class OwnRecoveries {
  private final Stage stage;
  private final ScenarioInfo info;
  private final Limits limits;
  private final List<ScenarioResult> results = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> unmet = new ArrayList<>();
  private final Set<String> variants = new HashSet<>();
  private @Nullable Throwable noted;
  private boolean measuredFromLoss;
  private boolean mayBeRefused;

  OwnRecoveries(Stage stage, ScenarioInfo info, Limits expected) {
    this.stage = stage;
    this.info = info;
    this.limits = stage.request().limits().of(info, expected);
  }

  /** The first from the loss on, later ones from their beginning on: nobody had to wait for those. */
  ScenarioResult afterLoss(Faults.Loss loss, List<Backup> backups, DrillStage.Look look) {
    Rewind rewind = rewind(
        "latest",
        new RecoveryTarget.Latest(),
        new Horizon.Everything(),
        loss.tables(),
        loss.nanos());
    Rewind.Witness witness = (recovery, validation) -> {
      List<Check> checks = new ArrayList<>(look(recovery.server(), look));
      loss.flushed()
          .ifPresent(flushed -> checks.add(KilledPrimary.withinLag(validation.diff(), flushed)));
      return everything(recovery.result().backup(), backups, checks);
    };
    boolean first = !measuredFromLoss;
    if (!first) {
      stage.host().stopReceiver();
    }
    ScenarioResult result = kept(rewind, first, witness);
    measuredFromLoss = true;
    return result;
  }

  /** The standby takes over from the server that was lost, measured from the loss on. */
  ScenarioResult byPromotion(
      Faults.Loss loss, Follower standby, List<Backup> backups, DrillStage.Look look) {
    try {
      SwitchOver switched = SwitchOver.to(standby, stage.primary(), loss.nanos());
      stage.primary().stopLoad();
      measuredFromLoss = true;
      ScenarioResult result = promoted(loss, standby, switched, backups, look);
      results.add(result);
      return result;
    } catch (SQLException e) {
      BarmanException failure = Failures.unreadable(e);
      failed(failure);
      throw failure;
    } catch (RuntimeException | AssertionError e) {
      failed(e);
      throw e;
    }
  }

  private ScenarioResult promoted(
      Faults.Loss loss,
      Follower standby,
      SwitchOver switched,
      List<Backup> backups,
      DrillStage.Look look)
      throws SQLException {
    Validation validation =
        Validation.ofPromoted(stage, standby.server(), new Horizon.Everything(), loss.tables());
    List<Check> checks = new ArrayList<>(validation.checks());
    checks.addAll(look(standby.server(), look));
    loss.replayed()
        .ifPresent(replayed -> checks.add(WarmStandby.withinLag(validation.diff(), replayed)));
    Observation seen = everything(standby.madeOf(), backups, checks);
    RecoveryOutcome outcome = new RecoveryOutcome(
        validation.rpo(loss.nanos()),
        switched.rto(),
        standby.restored(validation.timeline()),
        seen.checks(),
        seen.figures(),
        seen.unmet());
    return outcome
        .judged(info, Optional.of("standby"), limits)
        .withTraffic(stage.traffic(loss.nanos()));
  }

  /** Runs something in which a recovery that the engine refuses is no failure of the run. */
  Refusal refusing(DrillStage.Attempt attempt) throws Exception {
    mayBeRefused = true;
    try {
      return Refusal.of(attempt::run);
    } finally {
      mayBeRefused = false;
    }
  }

  ScenarioResult latest(TableHashes tables, List<Backup> backups, DrillStage.Look look) {
    Rewind rewind = rewind(
        "latest", new RecoveryTarget.Latest(), new Horizon.Everything(), tables, System.nanoTime());
    return kept(
        rewind,
        false,
        (recovery, validation) ->
            everything(recovery.result().backup(), backups, look(recovery.server(), look)));
  }

  ScenarioResult to(
      Moment moment, Moment.By by, TableHashes tables, List<Backup> backups, DrillStage.Look look) {
    Rewind rewind = rewind(
        moment.name() + " by " + by.text(),
        moment.target(by),
        moment.horizon(by),
        tables,
        moment.nanos());
    return kept(
        rewind,
        false,
        (recovery, validation) ->
            upTo(moment.position(), recovery, backups, look(recovery.server(), look)));
  }

  ScenarioResult before(
      Injection mistake,
      Injection.CommittedTransaction transaction,
      TableHashes tables,
      List<Backup> backups,
      DrillStage.Look look) {
    Rewind rewind = rewind(
        "before the mistake",
        new RecoveryTarget.AtXid(transaction.xid(), false),
        new Horizon.Position(transaction.before(), transaction.after()),
        tables,
        mistake.nanos());
    return kept(
        rewind,
        false,
        (recovery, validation) ->
            upTo(transaction.after(), recovery, backups, look(recovery.server(), look)));
  }

  /**
   * A result each, one of the scenario's own checks, and an inconclusive one when there is nothing else.
   *
   * @param refused whether the checks tell of something that had to be refused, which is enough
   */
  List<ScenarioResult> results(List<Check> checks, boolean refused) {
    List<ScenarioResult> all = new ArrayList<>(results);
    if (!checks.isEmpty()) {
      all.add(new Observation(checks, List.of(), List.of()).judged(info, "checks"));
    }
    if (!failures.isEmpty()) {
      all.add(ScenarioResult.without(info.id(), info.name(), Verdict.FAILED, failures));
    } else if (results.isEmpty() && !refused) {
      unmet("nothing was recovered, so nothing was compared");
    }
    if (failures.isEmpty() && !unmet.isEmpty()) {
      all.add(
          ScenarioResult.without(info.id(), info.name(), Verdict.INCONCLUSIVE, List.copyOf(unmet)));
    }
    return all;
  }

  /** A condition of the scenario that was not met. */
  void unmet(String what) {
    unmet.add(what);
  }

  /** Once, however often it is told. */
  void failed(Throwable failure) {
    if (failure != noted) {
      noted = failure;
      failures.add(Failures.reason(failure));
    }
  }

  private ScenarioResult kept(Rewind rewind, boolean fromLoss, Rewind.Witness witness) {
    try {
      ScenarioResult result = DeletionMeanwhile.during(
          stage,
          rewind.variant(),
          rewind.place(stage),
          (place, deletion) -> recovered(rewind, fromLoss, place, with(deletion, witness)));
      results.add(result);
      return result;
    } catch (RuntimeException | AssertionError e) {
      variants.remove(rewind.variant());
      if (!(mayBeRefused && e instanceof BarmanException)) {
        failed(e);
      }
      throw e;
    }
  }

  private ScenarioResult recovered(
      Rewind rewind, boolean fromLoss, Recovery.Place place, Rewind.Witness witness) {
    return fromLoss
        ? rewind.afterLoss(stage, info, limits, place, Sabotage.NONE, witness)
        : rewind.run(stage, info, limits, place, witness);
  }

  /** Also what came of a deletion in the middle of the recovery. */
  private static Rewind.Witness with(Optional<DeletionMeanwhile> deletion, Rewind.Witness witness) {
    return deletion
        .<Rewind.Witness>map(meanwhile ->
            (recovery, validation) -> meanwhile.observed().and(witness.look(recovery, validation)))
        .orElse(witness);
  }

  /** Each recovery has a name of its own: runs of one name are repetitions. */
  private Rewind rewind(
      String name, RecoveryTarget target, Horizon horizon, TableHashes tables, long sinceNanos) {
    String variant = name;
    for (int number = 2; !variants.add(variant); number++) {
      variant = name + ", " + number;
    }
    return new Rewind(variant, target, horizon, tables, sinceNanos);
  }

  private static List<Check> look(Cluster server, DrillStage.Look look) {
    try (Connection connection = server.connect(Primary.DATABASE)) {
      return look.at(connection);
    } catch (SQLException e) {
      throw Failures.unreadable(e);
    }
  }

  private Observation everything(BackupId from, List<Backup> backups, List<Check> checks) {
    Ledger ledger = stage.primary().ledger();
    int after = restored(from, backups)
        .map(backup -> ledger.acknowledgedFrom(backup.endLsn()))
        .orElse(0);
    return new Observation(
        checks,
        List.of(new Figure("acknowledgedAfterBackup", after)),
        after > 0
            ? List.of()
            : List.of("no commit was acknowledged after the backup, so nothing could be lost"));
  }

  private Observation upTo(
      Lsn moment, Recovery recovery, List<Backup> backups, List<Check> checks) {
    Ledger ledger = stage.primary().ledger();
    int later = ledger.acknowledgedFrom(moment);
    int between = restored(recovery.result().backup(), backups)
        .map(backup -> ledger.acknowledgedFrom(backup.endLsn()) - later)
        .orElse(0);
    return new Observation(
        checks,
        List.of(
            new Figure("acknowledgedAfterBackup", between),
            new Figure("acknowledgedAfterMoment", later)),
        DroppedTable.unmet(between, later));
  }

  /** The backup that the recovery began with. */
  private static Optional<Backup> restored(BackupId from, List<Backup> backups) {
    return backups.stream().filter(backup -> backup.id().equals(from)).findFirst();
  }
}
