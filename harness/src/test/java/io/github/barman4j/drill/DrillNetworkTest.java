package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DrillNetworkTest {

  @Test
  void skipsAScenarioWithItsReasonWhereNothingCanBreakTheNetwork() {
    ScenarioInfo info = new SilentStall().info();
    List<ScenarioResult> results = DrillNetwork.with(Optional.empty(), info, network -> {
      throw new AssertionError("it must not run");
    });
    assertThat(results).singleElement().satisfies(result -> {
      assertThat(result.id()).isEqualTo("S17");
      assertThat(result.verdict()).isEqualTo(Verdict.SKIPPED);
      assertThat(result.reasons())
          .containsExactly(
              "there is no toxiproxy-server on the PATH; install Toxiproxy 2.12.0, or name the program as barman.drill.toxiproxyServer");
    });
  }
}
