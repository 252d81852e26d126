package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ScenarioResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** S01: the primary is killed and its disk is gone, and the receiver is a synchronous standby: nothing may be lost. */
final class KillSynchronous implements Scenario {
  private static final ScenarioInfo INFO = new ScenarioInfo(
      "S01",
      "kill-primary-synchronous",
      1,
      true,
      "SIGKILL and the data directory deleted under load, the receiver synchronous: no acknowledged commit is lost");

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      KilledPrimary killed = KilledPrimary.of(stage, true, Duration.ZERO);
      return List.of(killed.recover(
          INFO,
          Optional.empty(),
          request.limits().of(INFO),
          killed.faultNanos(),
          Sabotage.NONE,
          validation -> List.of()));
    }
  }
}
