package io.github.barman4j.fault;

import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
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
 * started again. This machine reaches it at ports of the loopback interface. For one thread. {@link #close()} removes the container.
 */
public final class ToxiproxyInContainer implements Network {
  /** Testcontainers publishes these for proxies. */
  static final int FIRST_PORT = 8666;

  static final int LAST_PORT = 8697;

  private static final String OFFICIAL = "ghcr.io/shopify/toxiproxy";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ToxiproxyContainer container;
  private final Toxiproxy links;

  private ToxiproxyInContainer(ToxiproxyContainer container, Toxiproxy links) {
    this.container = container;
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
        .withCreateContainerCmdModifier(ToxiproxyInContainer::publishOnLoopback)
        .waitingFor(new NoWait());
    boolean started = false;
    try {
      start(container, image);
      String version = awaitAnswer(container, image);
      Toxiproxy links = new Toxiproxy(
          new ToxiproxyClient(Toxiproxy.LOOPBACK, container.getControlPort()),
          new PublishedPorts(container));
      links.requireFaults(version);
      started = true;
      return new ToxiproxyInContainer(container, links);
    } finally {
      if (!started) {
        container.stop();
      }
    }
  }

  /** Nobody else on the machine's networks may break the drill's, or reach its servers through it. */
  private static void publishOnLoopback(CreateContainerCmd command) {
    ExposedPort[] ports = command.getExposedPorts();
    if (ports != null && command.getHostConfig() != null) {
      command
          .getHostConfig()
          .withPortBindings(Stream.of(ports)
              .map(port -> new PortBinding(Ports.Binding.bindIp(Toxiproxy.LOOPBACK), port))
              .toList());
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
              () -> Toxiproxy.version(container.getControlPort()),
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

  /** The ports that are published, one for each link; a link's is not given away a second time. */
  private static final class PublishedPorts implements Toxiproxy.Doors {
    private final ToxiproxyContainer container;
    private int next = FIRST_PORT;

    PublishedPorts(ToxiproxyContainer container) {
      this.container = container;
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
      return new Toxiproxy.Door(Toxiproxy.LOOPBACK, container.getMappedPort(inside));
    }
  }

  @Override
  public Link link(String upstream) {
    return links.link(upstream);
  }

  @Override
  public Link resettableLink(String upstream) {
    return links.resettableLink(upstream);
  }

  /** An interrupted thread cleans up as well, and stays interrupted. */
  @Override
  public void close() {
    boolean interrupted = Thread.interrupted();
    try {
      links.close();
    } finally {
      try {
        container.stop();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
