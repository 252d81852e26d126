package io.github.barman4j.cluster;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server in a container of Docker's, one container for each time it runs. Its files are on this machine; clients reach it at a port of
 * the loopback interface, which stays the same as long as the cluster lives, and other servers of the site by its name.
 */
public final class ContainerCluster extends ServerCluster {
  private static final int PORT_ATTEMPTS = 5;
  private static final int PORT_INSIDE = 5432;

  private final Containers containers;
  private final String name;
  private Duration clockAhead = Duration.ZERO;
  private @Nullable ServerContainer running;

  private ContainerCluster(
      Containers containers,
      RunFolder folder,
      Path dataDirectory,
      Map<String, String> commandLine,
      Secret password) {
    super(folder, dataDirectory, commandLine, password);
    this.containers = containers;
    this.name = containers.site().newName();
  }

  static ClusterBuilder<ContainerCluster> builder(ContainerSite site) {
    return new ClusterBuilder<>(new Containers(site));
  }

  /** Containers of a site that make clusters. */
  private record Containers(ContainerSite site) implements ClusterBuilder.Kind<ContainerCluster> {
    @Override
    public String version() {
      return site.servers().version();
    }

    @Override
    public RunFolder newFolder() {
      return site.newFolder("cluster");
    }

    @Override
    public Command.Result initialize(RunFolder folder, Path dataDirectory, List<String> options) {
      List<String> command = new ArrayList<>(List.of("initdb"));
      command.addAll(options);
      Command.Result result =
          site.docker().run(site.container(HostConfig.newHostConfig()).withCmd(command));
      if (result.succeeded()) {
        admit(dataDirectory);
      }
      return result;
    }

    /** Whoever is not in the container comes from an address that it does not know beforehand. */
    private static void admit(Path dataDirectory) {
      Path file = dataDirectory.resolve("pg_hba.conf");
      try {
        Files.writeString(
            file,
            "host all all all scram-sha-256\nhost replication all all scram-sha-256\n",
            StandardCharsets.US_ASCII,
            StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER, file + " could not be written", "see the cause", e);
      }
    }

    @Override
    public ContainerCluster cluster(
        RunFolder folder, Path dataDirectory, Map<String, String> commandLine, Secret password) {
      return new ContainerCluster(this, folder, dataDirectory, commandLine, password);
    }

    /** The programs of a server get another time from a library that stands before the C library. */
    List<String> environment(Path dataDirectory, Duration clockAhead) {
      List<String> variables = new ArrayList<>(List.of("LC_ALL=C", "PGDATA=" + dataDirectory));
      if (!clockAhead.isZero()) {
        variables.addAll(List.of(
            "LD_PRELOAD=" + site.servers().clockLibrary().orElseThrow(),
            "FAKETIME=" + (clockAhead.isNegative() ? "" : "+") + clockAhead.toSeconds(),
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "DONT_FAKE_MONOTONIC=1",
            "NO_FAKE_STAT=1"));
      }
      return variables;
    }
  }

  @Override
  Command.Result execute(List<String> command) {
    ServerContainer container = running;
    if (container == null || !container.isAlive()) {
      throw new IllegalStateException("the server does not run");
    }
    return container.execute(command);
  }

  @Override
  public void setClock(Duration ahead) {
    clockAhead = ahead;
  }

  @Override
  ServerRun run(Map<String, String> settings) {
    settings.put("port", Integer.toString(PORT_INSIDE));
    settings.put("listen_addresses", "*");
    List<String> command =
        new ArrayList<>(List.of("postgres", "-D", dataDirectory().toString()));
    settings.forEach((setting, value) -> {
      command.add("-c");
      command.add(setting + "=" + value);
    });
    for (int attempt = 1; ; attempt++) {
      try {
        return start(command);
      } catch (DockerException e) {
        String said = String.valueOf(e.getMessage());
        boolean portTaken =
            said.contains("port is already allocated") || said.contains("address already in use");
        if (!portTaken || attempt == PORT_ATTEMPTS) {
          throw new BarmanException(
              ErrorCode.DRILL_DOCKER,
              "a container with PostgreSQL did not start: " + said,
              "see the cause",
              e);
        }
        chooseAnotherPort();
      }
    }
  }

  private ServerRun start(List<String> command) {
    ContainerSite site = containers.site();
    ExposedPort inside = ExposedPort.tcp(PORT_INSIDE);
    HostConfig host = HostConfig.newHostConfig()
        .withPortBindings(
            new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", port()), inside));
    ServerContainer started = ServerContainer.start(
        site,
        site.container(host)
            .withCmd(command)
            .withEnv(containers.environment(dataDirectory(), clockAhead))
            .withExposedPorts(inside)
            .withAliases(name),
        log());
    running = started;
    return started;
  }

  /** The port is chosen before a server runs; {@link #run} has seen to it. */
  @Override
  boolean isPortTaken(int attempt) {
    return false;
  }

  /** A container is removed when it has ended, the last one with the site at the latest. */
  @Override
  void removeTraces() {
    if (wasLaunched()) {
      requireRun().remove();
    }
  }

  @Override
  public String version() {
    return containers.version();
  }

  @Override
  public Address addressForServers() {
    return new Address(name, PORT_INSIDE);
  }

  @Override
  public ClusterBuilder<ContainerCluster> sibling() {
    return new ClusterBuilder<>(containers);
  }
}
