package io.github.barman4j.it.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.drill.Drill;
import io.github.barman4j.drill.DrillRequest;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenarios that end as they must on a real server, each on one version and with all of its variants. */
@Timeout(180)
class FaultDrillsIT {
  @TempDir
  Path output;

  @ParameterizedTest(name = "{0} on {1}")
  @CsvSource({
    "S03, 16, latest",
    "S04, 17, ''",
    "S06, 18, no-later-commit before-mistake nearest-time",
    "S07, 17, reported clean-page",
    "S08, 16, verified found-by-restore known-before",
    "S09, 15, beyond-the-gap before-the-gap",
    "S10, 18, last-segment first-segment older-backup",
    "S11, 15, resumed",
    "S18, 17, backup receive",
    "S19, 18, too-small with-room",
    "S20, 17, ''",
    "S21, 16, synchronous asynchronous topped-up",
    "S22, 15, promoted next-backup",
    "S23, 15, not-mapped mapped",
    "S24, 18, refused fresh",
    "S26, 18, dropped exceeded new-backup",
    "S27, 18, refusals its-own",
    "S28, 16, deletions restored",
    "S29, 17, refused right-key",
    "S32, 15, ''",
    "S33, 16, only-forced some-of-the-rest",
  })
  void passes(String id, int major, String variants) {
    PostgresBinaries binaries = TestPostgres.major(major);
    DrillReport report = Drill.run(
        DrillRequest.builder(new EmbeddedServers(binaries), output)
            .scenarios(List.of(id))
            .databaseBytes(4 << 20)
            .warmUp(Duration.ofMillis(200))
            .build(),
        event -> {});
    assertThat(report.firstBreach()).isEmpty();
    assertThat(report.scenarios())
        .extracting(result -> result.variant().orElse(""))
        .containsExactlyElementsOf(Arrays.asList(variants.split(" ")));
    assertThat(report.scenarios())
        .allSatisfy(result -> assertThat(result.verdict()).isEqualTo(Verdict.PASSED));
    assertThat(report.scenarios())
        .extracting(ScenarioResult::rpo)
        .allSatisfy(rpo -> rpo.ifPresent(found -> assertThat(found.overshoot()).isZero()))
        .as("something was recovered and compared")
        .anySatisfy(rpo -> assertThat(rpo).isPresent());
  }
}
