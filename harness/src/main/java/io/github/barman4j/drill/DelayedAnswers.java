package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;

/**
 * S15: what the server sends to a synchronous receiver arrives 100 ms later, give or take 50. Commits take as long; then the primary dies, and
 * none of them is lost.
 */
final class DelayedAnswers implements Scenario {
  static final Duration LATENCY = Duration.ofMillis(100);
  static final Duration JITTER = Duration.ofMillis(50);

  private static final int COMMITS = 200;
  private static final int DELAYED_COMMITS = 80;
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S15",
          "delayed-answers",
          2,
          true,
          "100 ms of latency with 50 ms of jitter to a synchronous receiver, then the primary dies: nothing lost, the price of a commit told")
      .breaking(
          "what the server sends to its synchronous receiver arrives 100 ms later, give or take 50; "
              + "after 80 more commits SIGKILL, and the data directory deleted")
      .expecting("no acknowledged commit is lost")
      .expecting("a commit takes no more than 600 ms longer than it did", "commit-time")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_FAULT)
      .needing(Need.TOXIPROXY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(request, INFO, sink, network -> List.of(run(request, sink, network)));
  }

  private static ScenarioResult run(DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Link link = network.link(stage);
      host.moveTo(DrillNetwork.through(link, primary, ""));
      host.startReceiver();
      primary.requireSynchronous(host);
      primary.startLoad(request);
      stage.anotherBackup(COMMITS);
      Duration usual = commitTime(stage, COMMITS);
      long fault;
      Duration delayed;
      try (Damage damage = new Fault.DelayAnswers(LATENCY, JITTER).inject(link)) {
        delayed = commitTime(stage, DELAYED_COMMITS);
        stage.tell(
            "a commit took " + delayed.toMillis() + " ms instead of " + usual.toMillis() + " ms");
        host.serverBroken();
        fault = new Fault.KillServer().inject(primary).nanos();
        new Fault.DeleteDataDirectory().inject(primary);
      }
      return new Rewind(
              "synchronous", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault)
          .afterLoss(
              stage,
              INFO,
              request.limits().of(INFO),
              Sabotage.NONE,
              (recovery, validation) -> observed(usual, delayed));
    }
  }

  /** The mean of so many commits. */
  private static Duration commitTime(Stage stage, int commits) {
    int before = stage.primary().ledger().acknowledged();
    long begin = System.nanoTime();
    stage
        .primary()
        .awaitLoad(commits + " more commits", ledger -> ledger.acknowledged() >= before + commits);
    int done = stage.primary().ledger().acknowledged() - before;
    return Duration.ofNanos((System.nanoTime() - begin) * stage.request().writers() / done);
  }

  /** What must have come of it: commits that waited for the network, and not much longer. */
  static Observation observed(Duration usual, Duration delayed) {
    Duration most = usual.plus(LATENCY.plus(JITTER).multipliedBy(4));
    return new Observation(
        List.of(new Check(
            "commit-time",
            delayed.compareTo(most) <= 0,
            "a commit took " + delayed.toMillis() + " ms, at most " + most.toMillis()
                + " are allowed")),
        List.of(
            new Figure("commitMicros", usual.toNanos() / 1000),
            new Figure("delayedCommitMicros", delayed.toNanos() / 1000)),
        delayed.compareTo(LATENCY.minus(JITTER)) >= 0
            ? List.of()
            : List.of("a commit took only " + delayed.toMillis()
                + " ms, so the network was not as slow as it was to be"));
  }
}
