package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * S16: server and backup host do not reach each other for a while. (a) It ends: the server has kept its log, the receiver catches up without
 * a gap. (b) The primary dies before it ends: lost is the receiver's lag and nothing else.
 */
final class PartitionedHost implements Scenario {
  static final Duration OUTAGE = Duration.ofSeconds(3);

  private static final int COMMITS = 100;
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S16",
          "partitioned-host",
          1,
          true,
          "server and backup host cannot reach each other for 3 s: caught up without a gap; the primary dies meanwhile: only the lag is lost")
      .breaking(
          "server and backup host cannot reach each other for 3 s or more, and the load goes on "
              + "over two segments; another time the server is killed and its data directory deleted "
              + "before that ends")
      .expecting("the receiver says within 6 s that it was interrupted", "noticed")
      .expecting("the server keeps the log for it", "slot-kept")
      .expecting("afterwards it has the server's own log, byte for byte", "same-bytes")
      .expecting("without a hole", "no-hole")
      .expecting("nothing came twice with other content", "no-duplicate")
      .expecting(
          "when the server dies meanwhile, nothing is lost that the receiver had acknowledged",
          "receiver-lag")
      .measuring(
          "healed: acknowledged commits that are missing, none may be; the server dead: commits, "
              + "seconds and bytes of the receiver's lag",
          "the time to catch up, as a figure; with the server dead from the kill to the first "
              + "durable write")
      .needing(Need.TOXIPROXY);

  /** As far as the user's limits are concerned, when the primary dies. */
  private static final ScenarioInfo LOSING =
      new ScenarioInfo(INFO.id(), INFO.name(), INFO.tier(), false, INFO.summary());

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    return DrillNetwork.with(
        request,
        INFO,
        sink,
        network -> List.of(healed(request, sink, network), primaryDies(request, sink, network)));
  }

  private static ScenarioResult healed(DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.open(request, sink, KilledReceiver.SETTINGS)) {
      Link link = network.link(stage);
      return SilentStall.outage(
          stage,
          link,
          "",
          "healed",
          INFO,
          () -> Outage.of(
              stage, new Fault.Partition(), link, "", SilentStall.BOUND.plusSeconds(2), OUTAGE));
    }
  }

  private static ScenarioResult primaryDies(
      DrillRequest request, EventSink sink, DrillNetwork network) {
    try (Stage stage = Stage.open(request, sink)) {
      Link link = network.link(stage);
      stage.host().moveTo(DrillNetwork.through(link, stage.primary(), ""));
      KilledPrimary killed =
          KilledPrimary.of(stage, false, () -> partition(stage, link), new Fault.KillServer());
      return bounding(killed.recover(
          INFO,
          Optional.of("primary-dies"),
          request.limits().of(LOSING),
          killed.faultNanos(),
          Sabotage.NONE,
          validation -> List.of(killed.withinLag(validation.diff()))));
    }
  }

  /** It lasts as long as the link: nobody sees the server again. */
  private static void partition(Stage stage, Link link) {
    stage.host().serverBroken();
    new Fault.Partition().inject(link);
    Hold.on(OUTAGE);
    stage.awaitCommits(COMMITS, "the partition began", stage.host().flushed());
  }

  /** Something must have been lost, or no loss was bounded. */
  static ScenarioResult bounding(ScenarioResult result) {
    boolean nothingLost = result.rpo().filter(rpo -> rpo.lostTransactions() > 0).isEmpty();
    return nothingLost && result.verdict() == Verdict.PASSED
        ? result.withVerdict(
            Verdict.INCONCLUSIVE,
            List.of("nothing was lost although the network was broken for " + OUTAGE.toSeconds()
                + " s, so there was nothing to bound"))
        : result;
  }
}
