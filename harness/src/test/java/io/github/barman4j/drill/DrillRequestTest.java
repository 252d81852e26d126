package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.report.Limits;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrillRequestTest {
  @TempDir
  Path folder;

  @Test
  void refusesALimitOnTheRegressionWithoutAHistory() {
    Servers servers = new EmbeddedServers(new PostgresBinaries(folder, "18.6"));
    DrillLimits limits = new DrillLimits(Limits.ofRtoRegression(20), Map.of());
    assertThatThrownBy(
            () -> DrillRequest.builder(servers, folder).limits(limits).build())
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("has nothing to compare with")
        .hasMessageContaining("barman.drill.history");
    Path history = folder.resolve("history");
    assertThat(DrillRequest.builder(servers, folder)
            .limits(limits)
            .history(history)
            .build()
            .history())
        .isEqualTo(history);
  }
}
