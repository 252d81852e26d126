package io.github.barman4j.cluster;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Network;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Containers of one run: a network of their own, or none at all, and the run's folder at the same place in each, so that every path means
 * the same inside and outside.
 */
final class ContainerSite extends Site {
  private static final String LABEL = "io.github.barman4j.drill";
  private static final long SHARED_MEMORY_BYTES = 256L << 20;

  private final ContainerServers servers;
  private final Docker docker;
  private final String name;
  private final boolean isolated;
  private final Path accounts;
  private final String user;
  private final Set<String> volumes = new TreeSet<>();
  private int containers;

  private ContainerSite(ContainerServers servers, Docker docker, RunFolder root, boolean isolated)
      throws IOException {
    super(root);
    this.isolated = isolated;
    this.servers = servers;
    this.docker = docker;
    this.name = String.valueOf(root.path().getFileName());
    this.user = userOf(root);
    this.accounts = root.path().resolve("passwd");
    // initdb asks for the name of the account it runs as, and an image knows few.
    Files.writeString(
        accounts,
        "root:x:0:0::/root:/bin/sh\npostgres:x:" + user + "::/:/bin/sh\n",
        StandardCharsets.US_ASCII);
  }

  static ContainerSite open(ContainerServers servers) {
    return open(servers, "drill", false);
  }

  static ContainerSite openIsolated(ContainerServers servers) {
    return open(servers, "restore", true);
  }

  private static ContainerSite open(ContainerServers servers, String what, boolean isolated) {
    Docker docker = Docker.connect();
    RunFolder root = RunFolder.create(
        () -> Files.createTempDirectory("barman-" + what + "-"), ServerAccount::inContainers);
    boolean opened = false;
    try {
      ContainerSite site = new ContainerSite(servers, docker, root, isolated);
      if (!isolated) {
        site.makeNetwork();
      }
      opened = true;
      return site;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER, root.path() + " could not be written to", "see the cause", e);
    } finally {
      if (!opened) {
        root.close();
      }
    }
  }

  private void makeNetwork() {
    Docker.called(
        "a network could not be made",
        () -> docker
            .client()
            .createNetworkCmd()
            .withName(name)
            .withLabels(Docker.labels(label()))
            .exec());
  }

  private static String userOf(RunFolder root) throws IOException {
    Object uid = Files.getAttribute(root.path(), "unix:uid", LinkOption.NOFOLLOW_LINKS);
    Command.Result group = Command.run(List.of("id", "-g", root.account().owner()), null);
    return uid + ":" + (group.succeeded() ? group.output() : uid);
  }

  private Map<String, String> label() {
    return Map.of(LABEL, name);
  }

  Docker docker() {
    return docker;
  }

  ContainerServers servers() {
    return servers;
  }

  /** Of a container in the network, not used before. */
  String newName() {
    containers++;
    return name + "-" + containers;
  }

  @Override
  public Optional<ContainerNetwork> network() {
    return isolated ? Optional.empty() : Optional.of(new ContainerNetwork(name, label()));
  }

  @Override
  public ClusterBuilder<ContainerCluster> cluster() {
    return ContainerCluster.builder(this);
  }

  /** A container of the image that has the run's folder and belongs to the account that owns it; it does not exist yet. */
  CreateContainerCmd container(HostConfig host) {
    HostConfig own = host.withInit(true)
        .withBinds(
            Bind.parse(root().path() + ":" + root().path()),
            Bind.parse(accounts + ":/etc/passwd:ro"))
        .withNetworkMode(isolated ? "none" : name)
        .withShmSize(SHARED_MEMORY_BYTES)
        .withLogConfig(new LogConfig(LogConfig.LoggingType.JSON_FILE));
    return docker
        .container(servers.image(), own)
        .withLabels(Docker.labels(label()))
        .withUser(user)
        .withEnv("LC_ALL=C");
  }

  /** The image's entry point, which makes clusters and runs scripts, has no part in it. */
  @Override
  ServerRun launch(Path dataDirectory, List<String> arguments, ServerLog log) {
    return Docker.called(
        "a container with PostgreSQL did not start",
        () -> ServerContainer.start(
            this,
            container(HostConfig.newHostConfig()).withEntrypoint("postgres").withCmd(arguments),
            log));
  }

  /** Notes what a container has that could outlive it: none should have any. */
  void note(String container) {
    InspectContainerResponse found =
        docker.client().inspectContainerCmd(container).exec();
    List<InspectContainerResponse.Mount> mounts = found.getMounts();
    if (mounts != null) {
      mounts.stream()
          .map(InspectContainerResponse.Mount::getName)
          .filter(volume -> volume != null)
          .forEach(volumes::add);
    }
  }

  @Override
  List<String> remains(Path root) {
    List<String> found = new ArrayList<>();
    for (Container container : docker.containers(label())) {
      found.add("container " + container.getId());
    }
    for (Network network : networks()) {
      found.add("network " + network.getName());
    }
    for (String volume : volumes) {
      if (docker.isThere(() -> docker.client().inspectVolumeCmd(volume).exec())) {
        found.add("volume " + volume);
      }
    }
    return found;
  }

  private List<Network> networks() {
    return docker.client().listNetworksCmd().withNameFilter(name).exec();
  }

  /** An interrupted thread cleans up as well, and stays interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try (RunFolder folder = root()) {
      for (Container container : docker.containers(label())) {
        docker.remove(container.getId());
      }
      for (Network network : networks()) {
        docker.isThere(() -> docker.client().removeNetworkCmd(network.getId()).exec());
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
