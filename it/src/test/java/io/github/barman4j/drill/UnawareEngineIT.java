package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.TestToxiproxy;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** S17 must find an engine that does not notice. */
@Timeout(180)
class UnawareEngineIT {
  @TempDir
  Path output;

  @Test
  void failsTheDrillWhenItWaitsForASilentServer() {
    DrillRequest request = DrillRequest.builder(new EmbeddedServers(TestPostgres.oldest()), output)
        .toxiproxyServer(TestToxiproxy.require())
        .databaseBytes(1 << 20)
        .warmUp(Duration.ofMillis(200))
        .build();
    List<ScenarioResult> results =
        new SilentStall(Duration.ofMinutes(10)).run(request, event -> {});
    assertThat(results).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(result.checks())
          .filteredOn(check -> !check.passed())
          .extracting(Check::name)
          .containsExactly("noticed");
    });
    assertThat(TestToxiproxy.running()).isZero();
  }
}
