package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedFailoverTest {
  @Test
  void provesNothingWhenTheStandbyThatWasCutOffLackedNothing() {
    assertThat(ManagedFailover.unmet(true, 0)).hasSize(1);
    assertThat(ManagedFailover.unmet(true, 1)).isEmpty();
    assertThat(ManagedFailover.unmet(false, 0)).isEmpty();
  }

  @Test
  void findsAFailoverThatTookTooLong() {
    assertThat(ManagedFailover.soon(ManagedFailover.SOON).passed()).isTrue();
    Check late = ManagedFailover.soon(ManagedFailover.SOON.plusMillis(1));
    assertThat(late.passed()).isFalse();
    assertThat(late.detail()).isEqualTo("back after 30001 ms, at most 30 s are allowed");
  }

  @Test
  void isSkippedWithItsReasonWithoutContainers(@TempDir Path folder) {
    DrillRequest request = DrillRequest.builder(
            new EmbeddedServers(new PostgresBinaries(folder, "18.6")), folder)
        .build();

    assertThat(new ManagedFailover().run(request, EventSink.NONE))
        .singleElement()
        .satisfies(result -> {
          assertThat(result.verdict()).isEqualTo(Verdict.SKIPPED);
          assertThat(result.reasons()).singleElement().asString().contains("needs containers");
        });
  }
}
