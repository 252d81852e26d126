package io.github.barman4j.it.drill;

import static io.github.barman4j.junit.DrillAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.github.barman4j.drill.DrillStage;
import io.github.barman4j.drill.Faults;
import io.github.barman4j.drill.Moment;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.it.TestDocker;
import io.github.barman4j.junit.DisasterDrill;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineTestKit;

/** A test that breaks a container itself. */
class ContainerDrillInJUnitIT {
  @TempDir
  Path reports;

  /** What a user writes. */
  static final class Sample {
    @DisasterDrill(
        environment = "docker",
        postgres = "18",
        databaseMegabytes = 2,
        warmUp = "PT0S",
        writers = 2)
    void handsOn(DrillStage stage, Faults faults) {
      stage.startReceiver(DrillStage.Receiving.SYNCHRONOUS);
      stage.startLoad();
      stage.backup();
      stage.awaitCommits(20);
      Moment moment = stage.moment("before");
      stage.awaitCommits(20);
      faults.inject(new Fault.KillServer());
      faults.inject(new Fault.DeleteDataDirectory());
      assertThat(stage.recoverLatest()).passed();
      assertThat(stage.recoverTo(moment, Moment.By.TIME)).passed();
    }
  }

  @Test
  void breaksAContainerAndJudgesWhatComesBack() {
    String version = TestDocker.newest().version();
    EngineTestKit.engine("junit-jupiter")
        .selectors(selectMethod(
            Sample.class, "handsOn", DrillStage.class.getName() + ", " + Faults.class.getName()))
        .configurationParameter("barman.drill.outputDirectory", reports.toString())
        .execute()
        .testEvents()
        .assertStatistics(statistics -> statistics.started(1).succeeded(1));
    assertThat(reports.resolve(Sample.class.getName().replace('$', '.') + ".handsOn/drill.json"))
        .content()
        .contains("\"kind\" : \"docker\"", "\"postgres\" : \"" + version + "\"");
  }
}
