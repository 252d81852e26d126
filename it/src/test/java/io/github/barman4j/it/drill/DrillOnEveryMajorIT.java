package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The killed primary and the dropped table on those majors that {@link DrillIT} leaves out. */
@Timeout(300)
class DrillOnEveryMajorIT {
  @TempDir
  Path output;

  static IntStream majors() {
    return TestPostgres.majors().filter(major -> major < 18);
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("majors")
  void losesNothing(int major) {
    DrillReport report = Drill.run(
        DrillRequest.builder(new EmbeddedServers(TestPostgres.major(major)), output)
            .scenarios(List.of("S01", "S05"))
            .databaseBytes(4 << 20)
            .warmUp(Duration.ofMillis(200))
            .build(),
        event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .hasSize(5)
        .allSatisfy(result -> assertThat(result.verdict()).isEqualTo(Verdict.PASSED))
        .extracting(ScenarioResult::rpo)
        .allSatisfy(rpo -> assertThat(rpo.orElseThrow().lostTransactions()).isZero());
  }
}
