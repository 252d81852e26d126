package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.it.TestDocker;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios on servers in containers: the same code as on this machine's processes, and the same outcome. */
@Timeout(240)
class ContainerDrillsIT {
  @TempDir
  Path output;

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({
    "S01, 18, ''",
    "S02, 15, ''",
    "S04, 17, ''",
    "S05, 16, xid lsn time name",
    "S20, 18, ''",
    "S21, 17, synchronous asynchronous topped-up",
    "S23, 15, not-mapped mapped",
    "S25, 16, ahead-time ahead-lsn behind-time behind-lsn",
  })
  void passes(String id, int major, String variants) {
    requirePassed(id, major, variants, null);
  }

  /** With a Toxiproxy in a container, too: a program on the PATH cannot stand in for an image that is named. */
  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({
    "S12, 18, first-byte header middle last-block before-manifest next-backup",
    "S13, 15, reset silent next-backup",
    "S14, 17, backup control restore",
    "S15, 18, synchronous",
    "S16, 16, healed primary-dies",
    "S17, 15, caught-up",
  })
  void passesOnANetworkThatIsBroken(String id, int major, String variants) {
    requirePassed(id, major, variants, TestDocker.toxiproxy());
  }

  /** On an image of its own, with PostgreSQL 15. */
  @Test
  void letsRepmgrPromote() {
    TestDocker.image("barman4j/repmgr:15");
    requirePassed("S31", 18, "topped-up both-synchronous", null);
  }

  private void requirePassed(
      String id, int major, String variants, @Nullable String toxiproxyImage) {
    ContainerServers servers = TestDocker.image("postgres:" + major);
    DrillReport report = Drill.run(
        DrillRequest.builder(servers, output)
            .scenarios(List.of(id))
            .toxiproxyImage(toxiproxyImage)
            .databaseBytes(4 << 20)
            .warmUp(Duration.ofMillis(200))
            .build(),
        event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.environment().kind()).isEqualTo("docker");
    assertThat(report.environment().postgres()).startsWith(major + ".");
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElse(""))
        .containsExactlyElementsOf(Arrays.asList(variants.split(" ")));
    assertThat(report.scenarios()).allSatisfy(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(result.checks())
          .contains(
              new Check(
                  "nothing-left",
                  true,
                  "no process, container, network, volume, file or folder of the drill is there any more"));
    });
  }
}
