package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkewedClockTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir
  Path folder;

  @Test
  void isSkippedWhereTheClockIsThisMachines() {
    DrillRequest request = DrillRequest.builder(
            new EmbeddedServers(new PostgresBinaries(folder, "18.6")), folder)
        .build();
    assertThat(new SkewedClock().run(request, event -> {})).singleElement().satisfies(result -> {
      assertThat(result.verdict()).isEqualTo(Verdict.SKIPPED);
      assertThat(result.reasons())
          .containsExactly("processes of this machine have its clock;"
              + " barman.drill.environment=docker can set a server's own");
    });
  }

  @Test
  void findsAClockThatIsRight() {
    assertThat(SkewedClock.skew(Duration.ofSeconds(3601), HOUR).passed()).isTrue();
    assertThat(SkewedClock.skew(Duration.ofSeconds(-3599), HOUR.negated()).passed())
        .isTrue();
    assertThat(SkewedClock.skew(Duration.ofSeconds(1), HOUR).passed()).isFalse();
    assertThat(SkewedClock.skew(Duration.ofSeconds(3601), HOUR.negated()).passed())
        .isFalse();
  }
}
