package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * S21: the primary is killed and its standby, made from the repository, is promoted: the database is back within seconds. As a
 * synchronous standby it has every acknowledged commit; as an asynchronous one, cut off for a while, it lacks what came after that.
 */
final class WarmStandby implements Scenario {
  /** A restore of any size takes longer one day; a promotion does not. */
  static final Duration WARM = Duration.ofSeconds(10);

  private static final int COMMITS = 500;
  private static final int LAG = 100;

  private static final ScenarioInfo INFO = new ScenarioInfo(
      "S21",
      "warm-standby",
      1,
      false,
      "the primary is killed and a standby made from the repository promoted: back within seconds");

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return List.of(run(request, sink, true), run(request, sink, false));
  }

  private static ScenarioResult run(DrillRequest request, EventSink sink, boolean synchronous) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      TableHashes hashes = primary.hashes();
      Lsn backedUp = stage.host().backup().endLsn();
      try (Follower follower = Follower.of(stage)) {
        if (synchronous) {
          primary.requireSynchronous(follower);
        }
        primary.startLoad(request);
        stage.awaitCommits(COMMITS, "the backup", backedUp);
        if (!synchronous) {
          new Fault.StallStandby().inject(follower);
          stage.awaitCommits(LAG, "the standby was cut off", follower.replayed());
        }
        Lsn replayed = follower.replayed();
        long fault = new Fault.KillServer().inject(primary).nanos();
        SwitchOver switched = SwitchOver.to(follower, primary, fault);
        primary.stopLoad();
        stage.tell("killed, and the standby promoted");
        Validation validation =
            Validation.ofPromoted(stage, follower.server(), new Horizon.Everything(), hashes);
        return judged(stage, follower, switched.rto(), validation, fault, synchronous, replayed);
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
    }
  }

  private static ScenarioResult judged(
      Stage stage,
      Follower follower,
      Rto rto,
      Validation validation,
      long fault,
      boolean synchronous,
      Lsn replayed) {
    List<Check> checks = new ArrayList<>(validation.checks());
    checks.add(warm(rto.total()));
    checks.add(withinLag(validation.diff(), replayed));
    int acknowledged = stage.primary().ledger().acknowledged();
    RecoveryOutcome outcome = new RecoveryOutcome(
        validation.rpo(fault),
        rto,
        follower.restored(validation.timeline()),
        checks,
        List.of(new Figure("acknowledged", acknowledged)),
        unmet(acknowledged, synchronous, validation.diff()));
    Limits user = stage.request().limits().of(INFO);
    return outcome
        .judged(
            INFO,
            Optional.of(synchronous ? "synchronous" : "asynchronous"),
            synchronous ? user.or(Limits.ofLostTransactions(0)) : user)
        .withTraffic(stage.traffic(fault));
  }

  static Check warm(Duration took) {
    return new Check(
        "warm",
        took.compareTo(WARM) <= 0,
        "back after " + took.toMillis() + " ms, at most " + WARM.toSeconds() + " s are allowed");
  }

  /** What the standby had replayed must be there. */
  static Check withinLag(LedgerDiff diff, Lsn replayed) {
    long early = diff.lost().stream()
        .filter(entry -> !entry.after().isInvalid() && !entry.after().isAfter(replayed))
        .count();
    return new Check(
        "standby-lag",
        early == 0,
        diff.lost().size() + " commits are lost, " + early
            + " of them before what the standby had replayed, " + replayed);
  }

  static List<String> unmet(int acknowledged, boolean synchronous, LedgerDiff diff) {
    List<String> unmet = new ArrayList<>();
    if (acknowledged < COMMITS) {
      unmet.add("only " + acknowledged + " commits were acknowledged, not " + COMMITS);
    }
    if (!synchronous && diff.lost().isEmpty()) {
      unmet.add(
          "the standby lacked nothing although it was cut off, so there was nothing to bound");
    }
    return unmet;
  }
}
