package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.util.List;

/**
 * S17: between the server and the receiver nothing passes any more, and neither is told: connections stay, and new ones are accepted. The
 * receiver notices by its own clock, and when the network is whole again it goes on without a gap.
 */
final class SilentStall implements Scenario {
  static final Duration SILENCE = Duration.ofSeconds(3);
  static final Duration BOUND = SILENCE.plusSeconds(3);

  private static final int COMMITS = 100;
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S17",
          "silent-stall",
          1,
          true,
          "the network swallows everything between server and receiver: noticed in time, and caught up without a gap")
      .breaking(
          "everything between server and receiver is swallowed, open connections stay and new ones "
              + "are accepted, under load")
      .expecting(
          "the receiver says within 6 s that the server does not answer (its socketTimeout is 3 s; "
              + "by default it is 30 s)",
          "noticed")
      .expecting("the server keeps the log for it", "slot-kept")
      .expecting("when the network is whole again it catches up, byte for byte", "same-bytes")
      .expecting("without a hole", "no-hole")
      .expecting("nothing came twice with other content", "no-duplicate")
      .expecting("nothing is lost")
      .measuring(
          Measures.NOTHING_LOST,
          "from the fault until it is said, and from its end until the receiver has caught up, as "
              + "figures")
      .needing(Need.TOXIPROXY);

  private final Duration silence;

  SilentStall() {
    this(SILENCE);
  }

  /** @param silence that the engine is told to allow the server; the scenario allows {@link #BOUND} all the same */
  SilentStall(Duration silence) {
    this.silence = silence;
  }

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(request, INFO, sink, network -> run(request, sink, network));
  }

  private List<ScenarioResult> run(DrillRequest request, EventSink sink, DrillNetwork network) {
    String options = "socketTimeout=" + silence.toSeconds();
    try (Stage stage = Stage.open(request, sink, KilledReceiver.SETTINGS)) {
      Link link = network.link(stage);
      return List.of(outage(
          stage,
          link,
          options,
          "caught-up",
          INFO,
          () -> Outage.of(
              stage,
              new Fault.SwallowEverything(),
              link,
              "has not answered",
              BOUND.plusSeconds(2),
              Duration.ZERO)));
    }
  }

  /** An outage that somebody makes happen. */
  interface Happening {
    Outage run();
  }

  /** A receiver and a backup through a link, the outage, and a recovery with all that was received before, meanwhile and afterwards. */
  static ScenarioResult outage(
      Stage stage,
      Link link,
      String options,
      String variant,
      ScenarioInfo info,
      Happening happening) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    TableHashes hashes = primary.hashes();
    host.moveTo(DrillNetwork.through(link, primary, options));
    host.startReceiver();
    primary.requireStreaming(host);
    primary.startLoad(stage.request());
    Backup backup = stage.anotherBackup(COMMITS);
    long fault = System.nanoTime();
    Outage outage = happening.run();
    stage.awaitCommits(COMMITS, "the network was whole again", primary.position());
    primary.stopLoad();
    primary.switchSegment();
    ReceiverSlot slot = new ReceiverSlot(primary, host);
    slot.awaitNoLag();
    Lsn end = slot.position();
    host.stopReceiver();
    List<Check> log = ReceivedLog.checks(stage, backup, end);
    return new Rewind(variant, new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault)
        .run(stage, info, (recovery, validation) -> outage.observed(BOUND, log));
  }
}
