package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ScenarioResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** S01: the primary is killed and its disk is gone, and the receiver is a synchronous standby: nothing may be lost. */
final class KillSynchronous implements Scenario {
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S01",
          "kill-primary-synchronous",
          1,
          true,
          "SIGKILL and the data directory deleted under load, the receiver synchronous: no acknowledged commit is lost")
      .breaking(
          "SIGKILL for every process of the server under load, with our receiver as its synchronous "
              + "standby, when 1500 commits were acknowledged after the backup and 150 of them lie in the "
              + "segment that is not complete; then the data directory is deleted")
      .expecting("no acknowledged commit is lost, those in the partial segment included")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_FAULT);

  private final Primary.Settings settings;
  private final Function<Stage, Sabotage> sabotage;

  KillSynchronous() {
    this(Primary.Settings.NONE, stage -> Sabotage.NONE);
  }

  /** @param sabotage what an engine that is broken on purpose would have done */
  KillSynchronous(Primary.Settings settings, Function<Stage, Sabotage> sabotage) {
    this.settings = settings;
    this.sabotage = sabotage;
  }

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink, settings)) {
      KilledPrimary killed = KilledPrimary.of(stage, true, Duration.ZERO);
      return List.of(killed.recover(
          INFO,
          Optional.empty(),
          request.limits().of(INFO),
          killed.faultNanos(),
          sabotage.apply(stage),
          validation -> List.of()));
    }
  }
}
