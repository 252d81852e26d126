package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;

/**
 * S13: while a base backup is sent under load, its connection is reset, and then, another time, nothing comes any more and nobody says so.
 * Each is noticed in time, said, and leaves nothing on either side; the next backup is good.
 */
final class BrokenBackup implements Scenario {
  /** How long the server may be silent, by the URL that the engine is given. */
  static final Duration SILENCE = Duration.ofSeconds(3);

  /** The engine waits for the base backup so long, and then for the server to end its session, in vain. */
  static final Duration TWO_SILENCES = SILENCE.multipliedBy(2);

  /** How much later than it must be noticed it may be said, on a machine with other work. */
  static final Duration SLACK = Duration.ofSeconds(3);

  private static final int COMMITS = 100;
  private static final long SLOW_BYTES_PER_SECOND = 4L << 20;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S13",
          "broken-backup",
          1,
          true,
          "the connection of a base backup is reset under load, and another time falls silent: noticed, nothing left, the next one is good")
      .breaking(
          "under load, while the server sends the files of a base backup, its connection is reset "
              + "(TCP RST); another time everything is swallowed and no connection closed")
      .expecting(
          "the reset is told within 3 s, the silence within 9 s (twice the socketTimeout of 3 s, "
              + "and 3 s)",
          "backup-fails")
      .expecting("no backup is listed", "not-listed")
      .expecting("no file is left in the repository", "nothing-stored")
      .expecting("no session, base backup or temporary slot is left on the server", "server-free")
      .expecting("the next backup works at once", "next-backup")
      .expecting("a restore loses nothing")
      .measuring(
          Measures.NOTHING_LOST,
          "from the fault until the backup has failed, as a figure" + Measures.AND_A_RECOVERY)
      .needing(Need.TOXIPROXY);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(request, INFO, sink, network -> run(request, sink, network));
  }

  private static List<ScenarioResult> run(
      DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      host.startReceiver();
      primary.requireStreaming(host);
      primary.startLoad(request);
      stage.awaitCommits(COMMITS, "the beginning", primary.position());
      Link link = network.resettableLink(stage);
      host.moveTo(DrillNetwork.through(link, primary, "socketTimeout=" + SILENCE.toSeconds()));
      long since = System.nanoTime();
      List<ScenarioResult> results = new ArrayList<>();
      FailedBackup reset =
          FailedBackup.of(stage, () -> broken(stage, link, new Fault.ResetConnections()));
      results.add(observed(reset, ErrorCode.CONNECTION_LOST, SLACK, "reset").judged(INFO, "reset"));
      FailedBackup silent =
          FailedBackup.of(stage, () -> broken(stage, link, new Fault.SwallowEverything()));
      results.add(
          observed(silent, ErrorCode.SERVER_SILENT, TWO_SILENCES.plus(SLACK), "has not answered")
              .judged(INFO, "silent"));
      stage.anotherBackup(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      Rewind rewind = new Rewind(
          "next-backup", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since);
      results.add(rewind.run(stage, INFO, (recovery, validation) -> Observation.NOTHING));
      return results;
    }
  }

  /** Breaks the link when the server has sent files for a second, so that nobody asks it anything; the time counts from then on. */
  private static Refusal broken(Stage stage, Link link, Fault.OfLink fault) {
    try (TaskGroup aside = TaskGroup.of("drill-backup", 1, 0)) {
      Future<Refusal> running = aside.submit(() -> Refusal.of(
          () -> stage.host().backup(BackupRequest.defaults().limitedTo(SLOW_BYTES_PER_SECOND))));
      stage.primary().awaitBaseBackup(SLOW_BYTES_PER_SECOND, running::isDone);
      long begin = System.nanoTime();
      try (Damage damage = fault.inject(link)) {
        Refusal refusal = TaskGroup.get(running);
        Refusal since = new Refusal(refusal.said(), Duration.ofNanos(System.nanoTime() - begin));
        stage.tell("a backup failed " + since.took().toMillis() + " ms after its network");
        return since;
      }
    }
  }

  /** What must have come of it. */
  static Observation observed(FailedBackup failed, ErrorCode code, Duration atMost, String word) {
    return new Observation(
        failed.checks(code, atMost, List.of(word)),
        List.of(
            failed.refusal().figure("detectionMillis"),
            new Figure("retryMillis", failed.next().took().toMillis())),
        List.of());
  }
}
