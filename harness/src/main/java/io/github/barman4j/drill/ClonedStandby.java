package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * S32: a standby is cloned from the repository under load, and the primary notices nothing of it: nobody asks it for a base backup, and its
 * processes read what they would have read anyway. Then the standby streams, catches up, becomes the synchronous one, and is what is left
 * when the primary is killed: nothing is lost.
 */
final class ClonedStandby implements Scenario {
  /** Of the database; a clone from the primary reads all of it. */
  static final int READ_PERCENT = 25;

  private static final int COMMITS = 500;
  private static final String ASKED = "received replication command: ";

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S32",
          "standby-cloned-from-repository",
          1,
          true,
          "a standby is cloned from the repository under load without the primary's help, streams and replaces it: nothing is lost")
      .breaking(
          "a standby is cloned from the repository under load, streams and becomes the synchronous "
              + "one; then the primary is killed")
      .expecting(
          "nobody asks the primary for a base backup, and the standby asks it for the log",
          "primary-unasked")
      .expectingWhereSeen(
          "the primary's processes read no more meanwhile than twice the log that they write and a "
              + "quarter of the database (where they are this machine's)",
          "primary-untouched")
      .expecting("the standby takes over and nothing is lost")
      .measuring(
          Measures.NOTHING_LOST,
          "from the kill to the first durable write on the standby; the time of the clone and of "
              + "catching up are told");

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /** What the clone did to the primary. */
  record Cost(
      Duration copying, Duration catchUp, OptionalLong read, long written, List<String> asked) {
    Cost {
      asked = List.copyOf(asked);
    }
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage =
        Stage.open(request, sink, builder -> builder.setting("log_replication_commands", "on"))) {
      Primary primary = stage.primary();
      Cluster server = primary.cluster();
      TableHashes hashes = primary.hashes();
      Backup backup = stage.backupUnderLoad(COMMITS);
      boolean here = request.servers().kind().equals("embedded");
      int asked = server.log().linesWith(ASKED).size();
      PrimaryReads before = PrimaryReads.of(server, here);
      long begin = System.nanoTime();
      try (Follower follower = Follower.cloned(stage)) {
        long cloned = System.nanoTime();
        PrimaryReads after = PrimaryReads.of(server, here);
        follower.start();
        follower.awaitReplayed(primary);
        Cost cost = new Cost(
            Duration.ofNanos(cloned - begin),
            Duration.ofNanos(System.nanoTime() - cloned),
            after.since(before),
            after.writtenSince(before),
            server.log().linesWith(ASKED).stream().skip(asked).toList());
        stage.tell("cloned in " + cost.copying().toMillis() + " ms, streaming and caught up "
            + cost.catchUp().toMillis() + " ms later");
        primary.requireSynchronous(follower);
        stage.awaitCommits(COMMITS, "the standby is synchronous", primary.position());
        return List.of(replaced(stage, follower, hashes, backup, cost));
      } catch (SQLException e) {
        throw Failures.unreadable(e);
      }
    }
  }

  private static ScenarioResult replaced(
      Stage stage, Follower follower, TableHashes hashes, Backup backup, Cost cost)
      throws SQLException {
    Primary primary = stage.primary();
    stage.host().serverBroken();
    long fault = new Fault.KillServer().inject(primary).nanos();
    SwitchOver switched = SwitchOver.to(follower, primary, fault);
    primary.stopLoad();
    switched.apart("clone", cost.copying());
    switched.apart("catch-up", cost.catchUp());
    Validation validation =
        Validation.ofPromoted(stage, follower.server(), new Horizon.Everything(), hashes);
    long database = backup.sizes().databaseBytes();
    List<Check> checks = new ArrayList<>(validation.checks());
    checks.add(unasked(cost));
    List<Figure> figures = new ArrayList<>(List.of(
        new Figure("cloneMillis", cost.copying().toMillis()),
        new Figure("catchUpMillis", cost.catchUp().toMillis()),
        new Figure("databaseBytes", database)));
    if (cost.read().isPresent()) {
      checks.add(untouched(cost.read().getAsLong(), cost.written(), database));
      figures.add(new Figure("primaryReadBytes", cost.read().getAsLong()));
      figures.add(new Figure("walBytesMeanwhile", cost.written()));
    }
    RecoveryOutcome outcome = new RecoveryOutcome(
        validation.rpo(fault),
        switched.rto(),
        follower.restored(validation.timeline()),
        checks,
        figures,
        List.of());
    return outcome
        .judged(
            INFO,
            Optional.empty(),
            stage.request().limits().of(INFO).or(Limits.ofLostTransactions(0)))
        .withTraffic(stage.traffic(fault));
  }

  /** The standby streams, and that is all that it asks its primary for. */
  static Check unasked(Cost cost) {
    List<String> copies =
        cost.asked().stream().filter(line -> line.contains("BASE_BACKUP")).toList();
    boolean streamed = cost.asked().stream().anyMatch(line -> line.contains("START_REPLICATION"));
    return new Check(
        "primary-unasked",
        copies.isEmpty() && streamed,
        copies.isEmpty()
            ? streamed
                ? "nobody asked the primary for a base backup; the standby asked for the log"
                : "the primary's log does not say that a standby asked for the log"
            : "the primary was asked for a base backup: " + copies.get(0));
  }

  /**
   * What the primary read while the clone was made.
   *
   * @param written bytes of log meanwhile, which it reads to send them to the receiver
   */
  static Check untouched(long read, long written, long database) {
    long most = Math.max(0, written) * 2 + database / 100 * READ_PERCENT;
    return new Check(
        "primary-untouched",
        read <= most,
        "the primary's processes read " + read + " bytes while the clone was made and it wrote "
            + written + " bytes of log; the database has " + database + " bytes");
  }
}
