package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
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
 * S31: repmgr watches a primary and its standby, which was cloned from the repository; the primary is killed and repmgr promotes the standby,
 * with nobody's help. Nothing is lost: (a) the standby is asynchronous and cut off, and tops itself up from the synchronous receiver; (b) both
 * are synchronous. The receiver follows, and so does the next backup; a recovery across the switch equals the new primary.
 */
final class ManagedFailover implements Scenario {
  /** Of PostgreSQL and repmgr; nobody publishes one that is everybody's. */
  static final String USUAL_IMAGE = "barman4j/repmgr:15";

  /** Far less than the minute that repmgr's defaults would wait for the primary alone. */
  static final Duration SOON = Duration.ofSeconds(30);

  private static final int COMMITS = 200;
  private static final int LAG = 100;
  private static final Timeline NEXT = new Timeline(2);

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S31",
          "repmgr-failover",
          2,
          true,
          "repmgr promotes the standby: nothing is lost, and receiver and backups follow by themselves")
      .breaking(
          "repmgrd watches a primary and a standby that was cloned from the repository; the primary "
              + "is killed: with the standby asynchronous, cut off and topped up by its restore_command "
              + "from the synchronous receiver; and with both synchronous")
      .expecting("repmgr promotes the standby, nobody else", "promoted-by-repmgr")
      .expecting("the database takes writes again within 30 s", "soon")
      .expecting("nothing is lost")
      .expecting("the repository has the history of the new timeline", "history")
      .expecting("no segment of a timeline beyond its fork is restored", "timelines")
      .expecting(
          "the next backup is of the new primary, without a hand's turn, and stores only what has "
              + "changed",
          "next-backup")
      .expecting(
          "a recovery across the switch equals the new primary, every table of it", "new-primary")
      .measuring(
          "acknowledged commits that the new primary has not: none may be missing",
          "from the kill to the first durable write on the standby, with repmgr's own detection: "
              + "two attempts, a second apart (its default is six, ten seconds apart)")
      .needing(Need.CONTAINERS, Need.REPMGR);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    if (!(request.servers() instanceof ContainerServers)) {
      return List.of(Failures.skipped(
          INFO, "repmgr needs containers: run it with barman.drill.environment=docker"));
    }
    Optional<String> named = request.repmgrImage();
    if (named.isEmpty() && !ContainerServers.isHere(USUAL_IMAGE)) {
      return List.of(Failures.skipped(
          INFO,
          "there is no image " + USUAL_IMAGE
              + ": it/images of this project makes it, barman.drill.repmgrImage names another"));
    }
    Servers managed = ContainerServers.of(named.orElse(USUAL_IMAGE));
    DrillRequest there = request.on(managed);
    return List.of(run(there, sink, true), run(there, sink, false));
  }

  /** @param toppedUp (a), otherwise (b) */
  private static ScenarioResult run(DrillRequest request, EventSink sink, boolean toppedUp) {
    try (Stage stage = Stage.open(
        request, sink, builder -> builder.setting("shared_preload_libraries", Repmgr.LIBRARY))) {
      Repmgr repmgr = Repmgr.over(stage.primary(), stage.newFolder("repmgr"));
      Backup first = stage.host().backup();
      try (Follower follower = Follower.of(stage)) {
        repmgr.watch(stage.primary(), follower);
        return run(stage, follower, repmgr, first, toppedUp);
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
    }
  }

  private static ScenarioResult run(
      Stage stage, Follower follower, Repmgr repmgr, Backup first, boolean toppedUp)
      throws SQLException {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    TableHashes hashes = primary.hashes();
    String programs = Repmgr.version(primary.cluster());
    host.moveTo(follower.orPrimary(primary));
    ReceivedTail tail = host.startReceiverWithTail();
    if (toppedUp) {
      follower.topUpFrom(tail);
      primary.requireSynchronous(host);
    } else {
      primary.requireSynchronous(host, follower);
    }
    primary.startLoad(stage.request());
    stage.awaitCommits(COMMITS, "the backup", first.endLsn());
    if (toppedUp) {
      new Fault.StallStandby().inject(follower);
      primary.awaitLoad(
          LAG + " commits that the standby has not",
          ledger -> ledger.acknowledgedFrom(follower.replayed()) >= LAG);
    }
    Lsn replayed = follower.replayed();
    host.serverBroken();
    long fault = new Fault.KillServer().inject(primary).nanos();
    int lag = primary.ledger().acknowledgedFrom(replayed);
    primary.stopLoad();
    SwitchOver switched = SwitchOver.byItself(follower, primary, fault, repmgr::said);
    stage.tell("killed, and repmgr has promoted the standby");

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
      checks.add(new Check(
          "promoted-by-repmgr",
          repmgr.said().contains("promoting standby to primary"),
          programs + " on PostgreSQL " + stage.request().servers().version()));
      checks.add(soon(switched.rto().total()));
      checks.addAll(FailoverChecks.across(plan, history, first, after, recovery.tables()));
      RecoveryOutcome outcome = new RecoveryOutcome(
          validation.rpo(fault),
          switched.rto(),
          recovery.restored(validation.timeline()),
          checks,
          List.of(
              new Figure("standbyLagCommits", lag),
              new Figure("followMillis", after.followed().toMillis())),
          unmet(toppedUp, lag));
      return outcome
          .judged(
              INFO,
              Optional.of(toppedUp ? "topped-up" : "both-synchronous"),
              stage.request().limits().of(INFO).or(Limits.ofLostTransactions(0)))
          .withTraffic(stage.traffic(fault));
    }
  }

  static Check soon(Duration took) {
    return new Check(
        "soon",
        took.compareTo(SOON) <= 0,
        "back after " + took.toMillis() + " ms, at most " + SOON.toSeconds() + " s are allowed");
  }

  /** @param lag acknowledged commits that the standby had not */
  static List<String> unmet(boolean cutOff, int lag) {
    return cutOff && lag == 0
        ? List.of("the standby lacked nothing although it was cut off")
        : List.of();
  }
}
