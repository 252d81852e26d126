package io.github.barman4j.junit;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;

/** Entry points of the assertions about drills, for a static import beside AssertJ's own. */
public final class DrillAssertions {
  private DrillAssertions() {}

  public static DrillAssert assertThat(DrillReport report) {
    return new DrillAssert(report.scenarios());
  }

  public static DrillAssert assertThat(ScenarioResult result) {
    return new DrillAssert(List.of(result));
  }
}
