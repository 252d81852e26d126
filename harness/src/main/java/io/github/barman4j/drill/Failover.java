package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * S20: the primary dies, and a standby that lagged is promoted: the old primary, and the receiver with it, had more than the new one ever
 * gets. The receiver follows, the next backup is taken from the new primary, and a recovery across the switch is equal to it. Lost is the
 * lag of the standby and nothing else.
 */
final class Failover implements Scenario {
  private static final int COMMITS = 200;
  private static final Timeline NEXT = new Timeline(2);

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S20",
          "failover",
          1,
          false,
          "a standby that lags is promoted: the receiver follows, and what is restored equals the new primary")
      .breaking(
          "a standby is cut off and lags; the primary is killed, with a receiver that had more than "
              + "the standby, in a segment that the new timeline will never have; the standby is promoted")
      .expecting("lost is only what the old primary acknowledged after the fork", "tail")
      .expecting("the repository has the history of the new timeline", "history")
      .expecting("no segment of a timeline beyond its fork is restored", "timelines")
      .expecting(
          "the next backup is of the new primary and stores only what has changed", "next-backup")
      .expecting(
          "a recovery across the switch equals the new primary, every table of it", "new-primary")
      .expecting("something is lost, or the run is inconclusive")
      .measuring(
          "commits, seconds and bytes of the standby's lag, on the old timeline",
          Measures.SWITCH_OVER);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Backup first = stage.host().backup();
      try (Follower follower = Follower.of(stage)) {
        return List.of(run(stage, follower, first));
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
    }
  }

  private static ScenarioResult run(Stage stage, Follower follower, Backup first)
      throws SQLException {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    TableHashes hashes = primary.hashes();
    host.moveTo(follower.orPrimary(primary));
    host.startReceiver();
    primary.requireStreaming(host);
    primary.startLoad(stage.request());
    stage.awaitCommits(COMMITS, "the backup", first.endLsn());
    new Fault.StallStandby().inject(follower);
    Lsn left = follower.replayed();
    stage.awaitCommits(COMMITS, "the standby was cut off", left);
    // The receiver completes the segment of the fork, and begins one that will never be.
    primary.switchSegment();
    stage.awaitCommits(COMMITS, "a new segment began", primary.position());
    primary.awaitReceived(host);
    Lsn received = host.flushed();
    host.serverBroken();
    long fault = new Fault.KillServer().inject(primary).nanos();
    primary.stopLoad();
    SwitchOver switched = SwitchOver.to(follower, primary, fault);
    stage.tell("killed, and the standby promoted");

    Aftermath after = Aftermath.of(stage, follower);
    TimelineHistory history = follower.history(NEXT);
    RestorePlan plan = host.recoveryEngine()
        .planRestore(RestoreRequest.to(stage.path("planned")).build());
    try (Recovery recovery = new Recovery(stage, "restored")) {
      recovery.toTarget(new RecoveryTarget.Latest());
      long begin = System.nanoTime();
      Validation validation = Validation.of(stage, recovery, new Horizon.Everything(), hashes);
      switched.apart("restore", recovery.rto().total());
      switched.apart("validate", Duration.ofNanos(System.nanoTime() - begin));
      List<Check> checks = new ArrayList<>(validation.checks());
      checks.add(FailoverChecks.tail(validation.diff(), history));
      checks.addAll(FailoverChecks.across(plan, history, first, after, recovery.tables()));
      RecoveryOutcome outcome = new RecoveryOutcome(
          FailoverChecks.onOldTimeline(validation.rpo(fault), validation.diff(), history),
          switched.rto(),
          recovery.restored(validation.timeline()),
          checks,
          List.of(
              new Figure("divergentBytes", Math.max(0, received.minus(fork(history)))),
              new Figure("followMillis", after.followed().toMillis())),
          unmet(validation, received, history));
      return outcome
          .judged(INFO, Optional.empty(), stage.request().limits().of(INFO))
          .withTraffic(stage.traffic(fault));
    }
  }

  private static Lsn fork(TimelineHistory history) {
    return history.endOf(Timeline.FIRST).orElse(Lsn.INVALID);
  }

  private static List<String> unmet(Validation validation, Lsn received, TimelineHistory history) {
    List<String> unmet = new ArrayList<>();
    if (validation.diff().lost().isEmpty()) {
      unmet.add("no commit was acknowledged after the standby was cut off");
    }
    if (!received.isAfter(fork(history))) {
      unmet.add("the receiver had nothing that the new primary has not");
    }
    return unmet;
  }
}
