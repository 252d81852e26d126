package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** S02: as S01 with an asynchronous receiver that lags behind: what is lost is what it lagged, and a prefix survives. */
final class KillAsynchronous implements Scenario {
  private static final Duration HOLD_BACK = Duration.ofSeconds(2);

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S02",
          "kill-primary-asynchronous",
          1,
          false,
          "SIGKILL and the data directory deleted, the receiver asynchronous and 2 s behind: the loss is within its lag")
      .breaking(
          "the same as in S01 with an asynchronous receiver, to which the server sends nothing for "
              + "the last 2 s before the kill")
      .expecting(
          "what is lost had not reached the receiver: nothing from before its last acknowledgement "
              + "is missing",
          "receiver-lag")
      .expecting("something is lost, or the run is inconclusive")
      .measuring(
          "commits, seconds and bytes between what the receiver had acknowledged and the kill; not "
              + "limited but by the lag",
          Measures.FROM_FAULT);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      KilledPrimary killed = KilledPrimary.of(stage, false, HOLD_BACK);
      ScenarioResult result = killed.recover(
          INFO,
          Optional.empty(),
          request.limits().of(INFO),
          killed.faultNanos(),
          Sabotage.NONE,
          validation -> List.of(killed.withinLag(validation.diff())));
      return List.of(bounding(result));
    }
  }

  /** Something must have been lost, or no loss was bounded. */
  static ScenarioResult bounding(ScenarioResult result) {
    boolean nothingLost = result.rpo().filter(rpo -> rpo.lostTransactions() > 0).isEmpty();
    return nothingLost && result.verdict() == Verdict.PASSED
        ? result.withVerdict(
            Verdict.INCONCLUSIVE,
            List.of("nothing was lost although the receiver was held back for "
                + HOLD_BACK.toSeconds() + " s, so there was nothing to bound"))
        : result;
  }
}
