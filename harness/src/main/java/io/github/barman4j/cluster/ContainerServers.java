package io.github.barman4j.cluster;

import com.github.dockerjava.api.model.HostConfig;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Servers that are containers of Docker's.
 *
 * @param image whose entry point starts {@code postgres}, as that of the official images does
 * @param version as the image's {@code postgres} says it
 */
public record ContainerServers(String image, String version) implements Servers {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)([.\\w]*)");
  private static final int OLDEST = 15;

  /**
   * Asks the image which PostgreSQL it holds; it is pulled when it is not there.
   *
   * @throws BarmanException with code DRILL_DOCKER when no Docker answers, when it cannot be used, when there is no such image, and
   *     when there is no PostgreSQL from 15 on in it
   */
  public static ContainerServers of(String image) {
    DockerHost.fromEnvironment(System.getenv()).require();
    Docker docker = Docker.connect();
    docker.provide(image, "barman.drill.postgresImage");
    docker.loadWhatRunsAtExit();
    Command.Result result = docker.run(docker
        .container(image, HostConfig.newHostConfig())
        .withEntrypoint("postgres")
        .withCmd("--version"));
    Matcher version = VERSION.matcher(result.output());
    if (!result.succeeded() || !version.find()) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "image " + image + " runs no PostgreSQL: " + result.output(),
          "name an image like postgres:18 with barman.drill.postgresImage");
    }
    ContainerServers servers = new ContainerServers(image, version.group(1) + version.group(2));
    if (PostgresBinaries.major(servers.version()) < OLDEST) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "image " + image + " holds PostgreSQL " + servers.version(),
          "PostgreSQL is supported from " + OLDEST + " on");
    }
    return servers;
  }

  /**
   * Pulls an image that is not there.
   *
   * @param property that names it, for the hint
   * @throws BarmanException with code DRILL_DOCKER when it cannot be pulled
   */
  public static void provide(String image, String property) {
    Docker.connect().provide(image, property);
  }

  /** Whether an image need not be pulled. */
  public static boolean isHere(String image) {
    Docker docker = Docker.connect();
    return docker.isThere(() -> docker.client().inspectImageCmd(image).exec());
  }

  @Override
  public String kind() {
    return "docker";
  }

  @Override
  public String origin() {
    return "image " + image;
  }

  @Override
  public String originProperty() {
    return "barman.drill.postgresImage";
  }

  @Override
  public String remains() {
    return "container, network, volume, file or folder";
  }

  @Override
  public Optional<String> whyClocksStay() {
    return clockLibrary().isPresent()
        ? Optional.empty()
        : Optional.of("image " + image + " has no libfaketime, which sets a server's clock");
  }

  /** Where the library lies that shows a program another time, in Debian's place. */
  Optional<String> clockLibrary() {
    Docker docker = Docker.connect();
    Command.Result found = docker.run(docker
        .container(image, HostConfig.newHostConfig())
        .withEntrypoint("sh", "-c")
        .withCmd("ls /usr/lib/*/faketime/libfaketime.so.1"));
    return found.succeeded() ? Optional.of(found.output()) : Optional.empty();
  }

  @Override
  public Site open() {
    return ContainerSite.open(this);
  }

  @Override
  public Site openIsolated() {
    return ContainerSite.openIsolated(this);
  }
}
