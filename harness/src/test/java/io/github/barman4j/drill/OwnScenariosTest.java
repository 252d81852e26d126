package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnScenariosTest {
  @TempDir
  Path folder;

  /** What a user writes. */
  public static final class Orders implements OwnScenario {
    @Override
    public ScenarioInfo info() {
      return new ScenarioInfo("ORDERS", "orders", 1, true, "orders are lost");
    }

    @Override
    public void run(DrillStage stage) {}
  }

  /** Another with the same name in other letters. */
  public static final class Doubled implements OwnScenario {
    @Override
    public ScenarioInfo info() {
      return new ScenarioInfo("orders", "others", 1, true, "the same id");
    }

    @Override
    public void run(DrillStage stage) {}
  }

  @Test
  void findsWhatAServiceFileNames() throws IOException {
    assertThat(found(Orders.class.getName()))
        .singleElement()
        .extracting(scenario -> scenario.info().id())
        .isEqualTo("ORDERS");
  }

  @Test
  void saysWhichClassCannotBeMade() {
    assertThatThrownBy(() -> found("org.example.Missing"))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.DRILL_CONFIGURATION))
        .hasMessageContaining("org.example.Missing")
        .hasMessageContaining("META-INF/services/io.github.barman4j.drill.OwnScenario");
  }

  @Test
  void refusesTwoOfOneId() {
    List<OwnScenario> both = List.of(new Orders(), new Doubled());
    assertThatThrownBy(() -> OwnScenarios.requireDistinct(List.of(), both))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("that of " + Orders.class.getName());
    OwnScenarios.requireDistinct(List.of(), List.of(new Orders()));
  }

  private List<OwnScenario> found(String line) throws IOException {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(OwnScenario.class.getName()), line);
    URL[] places = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, getClass().getClassLoader())) {
      return OwnScenarios.found(loader);
    }
  }
}
