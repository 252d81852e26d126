package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;

/** One way to break a server and what must come of it. Without state; run by one thread at a time. */
interface Scenario {
  ScenarioInfo info();

  /**
   * Breaks, recovers and judges. Leaves nothing behind, whatever happens.
   *
   * @return one result, or one for each variant
   */
  List<ScenarioResult> run(DrillRequest request, EventSink sink);
}
