package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Runs a scenario of one's own like one of the catalogue. */
record OwnRun(OwnScenario scenario) implements Scenario {
  @Override
  public ScenarioInfo info() {
    return scenario.info();
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    ScenarioInfo info = scenario.info();
    Set<Breakable> breakable = scenario.breakable();
    Optional<String> reason = OwnStage.whyNot(request, breakable);
    if (reason.isPresent()) {
      return List.of(Failures.skipped(info, reason.get()));
    }
    try (OwnStage own = OwnStage.open(request, sink, info, scenario.limits(), breakable)) {
      return run(own.stage());
    }
  }

  private List<ScenarioResult> run(DrillStage stage) {
    try {
      scenario.run(stage);
      return stage.results();
    } catch (BarmanException e) {
      if (Failures.endsTheDrill(e)) {
        throw e;
      }
      return stage.results(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the drill was interrupted", "run the goal again", e);
    } catch (Exception | AssertionError e) {
      return stage.results(e);
    }
  }
}
