package io.github.barman4j.it;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.ContainerServers;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Docker, with the images that {@code it/images/build.sh} makes where no registry can be reached. */
public final class TestDocker {
  private TestDocker() {}

  /** Skips the test, with the reason, where there is none, unless {@code BARMAN_REQUIRE} lists {@code docker}. */
  public static ContainerServers newest() {
    return image("postgres:18");
  }

  /** The same for an image of PostgreSQL. */
  public static ContainerServers image(String name) {
    try {
      return ContainerServers.of(name);
    } catch (BarmanException e) {
      String required = System.getenv("BARMAN_REQUIRE");
      if (e.code() != ErrorCode.DRILL_DOCKER
          || (required != null && List.of(required.split(",")).contains("docker"))) {
        return Assertions.fail("BARMAN_REQUIRE says that Docker must be here", e);
      }
      return Assumptions.abort(e.getMessage());
    }
  }
}
