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
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * S21: the primary is killed and its standby, made from the repository, is promoted: the database is back within seconds. As a
 * synchronous standby it has every acknowledged commit; as an asynchronous one, cut off for a while, it lacks what came after that,
 * unless it is topped up from a synchronous receiver.
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
          "the primary is killed and a standby made from the repository promoted: back within seconds")
      .breaking(
          "the primary is killed and a standby that was made from the repository is promoted: as "
              + "the synchronous standby; cut off with 100 commits of lag or more; cut off so and topped "
              + "up by its restore_command from a synchronous receiver")
      .expecting("back within 10 s", "warm")
      .expecting("nothing is lost that the standby had replayed", "standby-lag")
      .expecting("synchronous and topped up, nothing is lost at all")
      .measuring(
          "acknowledged commits that the promoted standby has not; none may be missing but in the "
              + "asynchronous run",
          Measures.SWITCH_OVER);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return Stream.of(Variant.values())
        .map(variant -> run(request, sink, variant))
        .toList();
  }

  /** How the standby comes to its log. */
  private enum Variant {
    SYNCHRONOUS,
    ASYNCHRONOUS,
    TOPPED_UP;

    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static ScenarioResult run(DrillRequest request, EventSink sink, Variant variant) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      TableHashes hashes = primary.hashes();
      Lsn backedUp = stage.host().backup().endLsn();
      try (Follower follower = Follower.of(stage)) {
        protect(stage, follower, variant);
        primary.startLoad(request);
        stage.awaitCommits(COMMITS, "the backup", backedUp);
        if (variant != Variant.SYNCHRONOUS) {
          new Fault.StallStandby().inject(follower);
          primary.awaitLoad(
              LAG + " commits that the standby has not",
              ledger -> ledger.acknowledgedFrom(follower.replayed()) >= LAG);
        }
        Lsn replayed = follower.replayed();
        stage.host().serverBroken();
        long fault = new Fault.KillServer().inject(primary).nanos();
        int lag = primary.ledger().acknowledgedFrom(replayed);
        SwitchOver switched = SwitchOver.to(follower, primary, fault);
        primary.stopLoad();
        stage.tell("killed, and the standby promoted");
        Validation validation =
            Validation.ofPromoted(stage, follower.server(), new Horizon.Everything(), hashes);
        return judged(
            stage, follower, switched.rto(), validation, fault, variant, new Lag(replayed, lag));
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
    }
  }

  private static void protect(Stage stage, Follower follower, Variant variant) {
    switch (variant) {
      case SYNCHRONOUS -> stage.primary().requireSynchronous(follower);
      case ASYNCHRONOUS -> {}
      case TOPPED_UP -> {
        follower.topUpFrom(stage.host().startReceiverWithTail());
        stage.primary().requireSynchronous(stage.host());
      }
    }
  }

  /** Where the standby was when its primary was killed, and how many acknowledged commits it had not. */
  private record Lag(Lsn replayed, int commits) {}

  private static ScenarioResult judged(
      Stage stage,
      Follower follower,
      Rto rto,
      Validation validation,
      long fault,
      Variant variant,
      Lag lag) {
    List<Check> checks = new ArrayList<>(validation.checks());
    checks.add(warm(rto.total()));
    checks.add(withinLag(validation.diff(), lag.replayed()));
    int acknowledged = stage.primary().ledger().acknowledged();
    RecoveryOutcome outcome = new RecoveryOutcome(
        validation.rpo(fault),
        rto,
        follower.restored(validation.timeline()),
        checks,
        List.of(
            new Figure("acknowledged", acknowledged),
            new Figure("standbyLagCommits", lag.commits())),
        unmet(acknowledged, variant != Variant.SYNCHRONOUS, lag.commits()));
    Limits user = stage.request().limits().of(INFO);
    return outcome
        .judged(
            INFO,
            Optional.of(variant.text()),
            variant == Variant.ASYNCHRONOUS ? user : user.or(Limits.ofLostTransactions(0)))
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

  /** @param lag acknowledged commits that the standby had not */
  static List<String> unmet(int acknowledged, boolean cutOff, int lag) {
    List<String> unmet = new ArrayList<>();
    if (acknowledged < COMMITS) {
      unmet.add("only " + acknowledged + " commits were acknowledged, not " + COMMITS);
    }
    if (cutOff && lag == 0) {
      unmet.add(
          "the standby lacked nothing although it was cut off, so there was nothing to bound");
    }
    return unmet;
  }
}
