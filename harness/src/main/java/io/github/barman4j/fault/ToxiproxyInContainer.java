package io.github.barman4j.fault;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports.Binding;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.toxiproxy.ToxiproxyContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * A Toxiproxy in a container, in the network of the servers that it leads to: it finds them by their names, which stay when they are
 * started again. For one thread. {@link #close()} removes the container.
 *
 * <p>This machine reaches it at the container's own address, as Docker on Linux lets it, otherwise at ports of the loopback interface.
 * Behind those stands a program of Docker's that ends its own connection in order when the container's is reset, so a link through them
 * cannot be reset.
 */
public final class ToxiproxyInContainer implements Network {
  /** Testcontainers publishes these for proxies. */
  static final int FIRST_PORT = 8666;

  static final int LAST_PORT = 8697;

  private static final int CONTROL_PORT = 8474;
  private static final String OFFICIAL = "ghcr.io/shopify/toxiproxy";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ToxiproxyContainer container;
  private final Ports ports;
  private final Toxiproxy links;

  private ToxiproxyInContainer(ToxiproxyContainer container, Ports ports, Toxiproxy links) {
    this.container = container;
    this.ports = ports;
    this.links = links;
  }

  /**
   * Starts a container and waits until Toxiproxy answers.
   *
   * @param image that is there, for instance {@code ghcr.io/shopify/toxiproxy:2.12.0}
   * @param network of Docker's
   * @param labels of the container
   * @throws BarmanException with code DRILL_NETWORK when it does not start, ends at once, is too old or does not answer within 30 s; then
   *     nothing is left of it
   */
  public static ToxiproxyInContainer start(
      String image, String network, Map<String, String> labels) {
    ToxiproxyContainer container = new ToxiproxyContainer(
            DockerImageName.parse(image).asCompatibleSubstituteFor(OFFICIAL))
        .withNetworkMode(network)
        .withLabels(labels)
        .withCreateContainerCmdModifier(ToxiproxyInContainer::keepInside)
        .waitingFor(new NoWait());
    boolean started = false;
    try {
      start(container, image);
      String version = awaitAnswer(container, image);
      Ports ports = Ports.of(container, network);
      Toxiproxy links =
          new Toxiproxy(new ToxiproxyClient(Toxiproxy.LOOPBACK, container.getControlPort()), ports);
      links.requireFaults(version);
      started = true;
      return new ToxiproxyInContainer(container, ports, links);
    } finally {
      if (!started) {
        container.stop();
      }
    }
  }

  /**
   * No other machine may break the drill's network, or reach its servers through it. And nobody outside of it is asked for a server's name: the
   * one of a server that is gone would wait for this machine's name servers, which may be out of reach.
   */
  private static void keepInside(CreateContainerCmd command) {
    ExposedPort[] ports = command.getExposedPorts();
    HostConfig host = command.getHostConfig();
    if (ports != null && host != null) {
      host.withPortBindings(Stream.of(ports)
              .map(port -> new PortBinding(Binding.bindIp(Toxiproxy.LOOPBACK), port))
              .toList())
          .withDnsOptions(List.of("ndots:1"))
          .withDnsSearch(".");
    }
  }

  /** {@link #awaitAnswer} waits, at the address that links have; Testcontainers' own would ask another. */
  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }

  /** Testcontainers and its client have many exceptions of their own, without a common one. */
  private static void start(ToxiproxyContainer container, String image) {
    try {
      container.start();
    } catch (RuntimeException e) {
      Throwable root = e;
      while (root.getCause() != null) {
        root = root.getCause();
      }
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK,
          "a container of image " + image + " did not start: " + root.getMessage(),
          "is that an image of Toxiproxy? " + said(container),
          e);
    }
  }

  private static String awaitAnswer(ToxiproxyContainer container, String image) {
    String problem;
    try {
      Optional<String> version = Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .atMost(PATIENCE)
          .until(
              () -> Toxiproxy.version(Toxiproxy.LOOPBACK, container.getControlPort()),
              found -> found.isPresent() || !container.isRunning());
      if (version.isPresent()) {
        return version.get();
      }
      problem = "ended at once";
    } catch (ConditionTimeoutException e) {
      problem = "did not answer within " + PATIENCE.toSeconds() + " s";
    }
    throw new BarmanException(
        ErrorCode.DRILL_NETWORK,
        "a container of image " + image + " " + problem,
        "is that an image of Toxiproxy? " + said(container));
  }

  private static String said(ToxiproxyContainer container) {
    String said = container.getContainerId() == null ? "" : container.getLogs().strip();
    return said.isEmpty() ? "it said nothing" : said;
  }

  /** One for each link; a link's is not given away a second time. */
  private static final class Ports implements Toxiproxy.Doors {
    private final ToxiproxyContainer container;
    private final Optional<String> address;
    private int next = FIRST_PORT;

    private Ports(ToxiproxyContainer container, Optional<String> address) {
      this.container = container;
      this.address = address;
    }

    static Ports of(ToxiproxyContainer container, String network) {
      ContainerNetwork found =
          container.getContainerInfo().getNetworkSettings().getNetworks().get(network);
      return new Ports(
          container,
          Optional.ofNullable(found)
              .map(ContainerNetwork::getIpAddress)
              .filter(host -> Toxiproxy.version(host, CONTROL_PORT).isPresent()));
    }

    boolean isDirect() {
      return address.isPresent();
    }

    @Override
    public String next() {
      if (next > LAST_PORT) {
        throw new IllegalStateException("all its ports are taken");
      }
      return "0.0.0.0:" + next++;
    }

    @Override
    public Toxiproxy.Door reached(String listen) {
      int inside = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
      return address
          .map(host -> new Toxiproxy.Door(host, inside))
          .orElseGet(() -> new Toxiproxy.Door(Toxiproxy.LOOPBACK, container.getMappedPort(inside)));
    }
  }

  @Override
  public Link link(String upstream) {
    return links.link(upstream);
  }

  /** @throws BarmanException with code DRILL_NETWORK where a reset would not come through */
  @Override
  public Link resettableLink(String upstream) {
    if (!ports.isDirect()) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK,
          "the address of Toxiproxy's container cannot be reached from here, and no reset comes through a published port",
          "name a program that runs on this machine as barman.drill.toxiproxyServer");
    }
    return links.resettableLink(upstream);
  }

  /**
   * Its links go with it, unasked: Toxiproxy would first wait for those who want to reach a server that is gone. An interrupted thread cleans
   * up as well, and stays interrupted.
   */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      container.stop();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
