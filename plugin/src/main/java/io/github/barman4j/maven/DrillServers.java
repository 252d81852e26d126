package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.drill.RestoreDrillRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which servers a drill runs on, as the user has asked for them.
 *
 * @param version 15 to 18 or a full version
 * @param image of Docker's
 * @param bin a directory with a server's programs
 */
record DrillServers(
    Environment environment,
    Optional<ParameterValue> version,
    @Nullable String image,
    @Nullable Path bin) {
  private static final String OFFICIAL_IMAGE = "postgres:";

  enum Environment {
    AUTO,
    EMBEDDED,
    DOCKER
  }

  DrillServers {
    boolean docker = environment == Environment.DOCKER;
    exclude(
        "postgresBin",
        bin,
        "postgresVersion",
        version.orElse(null),
        "the programs have a version of their own");
    exclude("postgresImage", image, "postgresBin", bin, "an image has its own programs");
    exclude(
        "postgresImage",
        image,
        "postgresVersion",
        version.orElse(null),
        "an image has a version of its own");
    if (image != null && !docker) {
      throw mismatch(
          "barman.drill.postgresImage is set, and barman.drill.environment is not docker",
          "add -Dbarman.drill.environment=docker, or leave the image out");
    }
    if (bin != null && docker) {
      throw mismatch(
          "barman.drill.postgresBin is set, and barman.drill.environment is docker",
          "name an image with barman.drill.postgresImage, or take the environment embedded");
    }
  }

  private static void exclude(
      String one, @Nullable Object first, String other, @Nullable Object second, String why) {
    if (first != null && second != null) {
      throw mismatch(
          "both barman.drill." + one + " and barman.drill." + other + " are set",
          "leave one of them out: " + why);
    }
  }

  private static BarmanException mismatch(String problem, String hint) {
    return new BarmanException(ErrorCode.INVALID_CONFIGURATION, problem, hint);
  }

  boolean inContainers() {
    return environment == Environment.DOCKER;
  }

  /**
   * For an existing backup, which has a version of its own.
   *
   * @param jars fetches the programs of an embedded server
   */
  RestoreDrillRequest.Programs ofBackup(Properties system, Function<PostgresArtifact, Path> jars) {
    return new RestoreDrillRequest.Programs() {
      @Override
      public String kind() {
        return inContainers() ? "docker" : "embedded";
      }

      @Override
      public Servers of(int major) {
        return withVersion(new ParameterValue("the backup's major version", "" + major))
            .fetch(system, jars);
      }
    };
  }

  /** What is named has its own. */
  private DrillServers withVersion(ParameterValue wanted) {
    return image == null && bin == null
        ? new DrillServers(environment, Optional.of(wanted), null, null)
        : this;
  }

  /**
   * Fetches what is needed.
   *
   * @param jars fetches the programs of an embedded server
   */
  Servers fetch(Properties system, Function<PostgresArtifact, Path> jars) {
    if (environment == Environment.DOCKER) {
      return ContainerServers.of(imageName());
    }
    if (bin != null) {
      return new EmbeddedServers(PostgresBinaries.fromDirectory(bin));
    }
    PostgresArtifact artifact = version
        .map(wanted -> PostgresArtifact.of(wanted, system))
        .orElseGet(() -> PostgresArtifact.newest(system));
    return new EmbeddedServers(PostgresBinaries.fromJar(jars.apply(artifact)));
  }

  /** The official one of the wanted version, unless another is named. */
  String imageName() {
    if (image != null) {
      return image;
    }
    return OFFICIAL_IMAGE
        + version
            .map(PostgresArtifact::postgresVersion)
            .orElseGet(PostgresArtifact::newestPostgres);
  }

  /** Adds to a command line what brings such servers again. */
  DrillCommand again(DrillCommand command, Servers found) {
    if (environment == Environment.DOCKER) {
      command.with("barman.drill.environment", "docker");
    }
    return command
        .with("barman.drill.postgresImage", image)
        .with(
            "barman.drill.postgresVersion", bin == null && image == null ? found.version() : null);
  }
}
