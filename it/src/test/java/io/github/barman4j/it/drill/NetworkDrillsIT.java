package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.TestToxiproxy;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios that break the network, each on one version and with all of its variants. */
@Timeout(180)
class NetworkDrillsIT {
  @TempDir
  Path output;

  @AfterEach
  void leavesNoToxiproxy() {
    assertThat(TestToxiproxy.running()).isZero();
  }

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({
    "S12, 15, first-byte header middle last-block before-manifest next-backup",
    "S13, 18, reset silent next-backup",
    "S14, 16, backup control restore",
    "S15, 17, synchronous",
    "S16, 17, healed primary-dies",
    "S17, 18, caught-up",
  })
  void passes(String id, int major, String variants) {
    Path program = TestToxiproxy.require();
    DrillReport report =
        Drill.run(request(id, major).toxiproxyServer(program).build(), event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElse(""))
        .containsExactlyElementsOf(Arrays.asList(variants.split(" ")));
    assertThat(report.scenarios())
        .allSatisfy(result -> assertThat(result.verdict()).isEqualTo(Verdict.PASSED));
    assertThat(report.scenarios())
        .as("something was recovered and compared")
        .anySatisfy(result -> assertThat(result.rpo()).isPresent());
  }

  @Test
  void refusesAProgramThatIsNoneBeforeAnythingIsBroken() {
    DrillRequest.Builder builder =
        request("S00", 18).toxiproxyServer(output.resolve("toxiproxy-server"));
    assertThatThrownBy(builder::build)
        .isInstanceOf(BarmanException.class)
        .hasMessageStartingWith("BRM-701: ")
        .hasMessageContaining("does not exist");
  }

  /** One that starts and is something else fails the scenario, and the others go on. */
  @Test
  void failsTheScenarioWhoseProgramIsSomethingElse() {
    DrillReport report =
        Drill.run(request("S17", 18).toxiproxyServer(Path.of("/bin/true")).build(), event -> {});
    assertThat(report.scenarios()).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.FAILED);
      assertThat(result.reasons())
          .containsExactly("BRM-706: /bin/true ended at once, with exit code 0");
    });
  }

  private DrillRequest.Builder request(String id, int major) {
    return DrillRequest.builder(new EmbeddedServers(TestPostgres.major(major)), output)
        .scenarios(List.of(id))
        .databaseBytes(4 << 20)
        .warmUp(Duration.ofMillis(200));
  }
}
