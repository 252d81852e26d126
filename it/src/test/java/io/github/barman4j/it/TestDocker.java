package io.github.barman4j.it;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.ContainerServers;
import java.util.List;
import java.util.function.Supplier;
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
    return had(() -> ContainerServers.of(name));
  }

  /** The same for the official image of Toxiproxy, which it returns. */
  public static String toxiproxy() {
    String image = "ghcr.io/shopify/toxiproxy:2.12.0";
    return had(() -> {
      ContainerServers.provide(image, "it/images/build.sh toxiproxy");
      return image;
    });
  }

  private static <T> T had(Supplier<T> docker) {
    try {
      return docker.get();
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
