package io.github.barman4j.it.drill;

import io.github.barman4j.drill.Breakable;
import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.OwnScenario;
import io.github.barman4j.drill.ScenarioInfo;
import java.util.Set;

/** A scenario that a test writes down where it needs it. */
record InlineScenario(Set<Breakable> breakable, Body body) implements OwnScenario {
  interface Body {
    void run(DrillStage stage) throws Exception;
  }

  @Override
  public ScenarioInfo info() {
    return new ScenarioInfo("OWN", "own", 1, true, "of the test");
  }

  @Override
  public void run(DrillStage stage) throws Exception {
    body.run(stage);
  }
}
