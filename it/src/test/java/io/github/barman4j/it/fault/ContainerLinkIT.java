package io.github.barman4j.it.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.ContainerNetwork;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.fault.ToxiproxyInContainer;
import io.github.barman4j.it.TestDocker;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A Toxiproxy in a container, before servers in containers. */
@Timeout(180)
class ContainerLinkIT {
  private static final Duration SOON = Duration.ofSeconds(10);

  private static ContainerServers servers;
  private static String image;

  @BeforeAll
  static void requireDocker() {
    servers = TestDocker.newest();
    image = TestDocker.toxiproxy();
  }

  private static ToxiproxyInContainer start(Site site) {
    ContainerNetwork network = site.network().orElseThrow();
    return ToxiproxyInContainer.start(image, network.name(), network.labels());
  }

  /** A server is started again in another container with another address; only its name stays. */
  @Test
  void leadsToAServerThatIsStartedAgainAndNotPastAPartition() throws SQLException {
    Site left;
    try (Site site = servers.open();
        Cluster cluster = site.cluster().start();
        ToxiproxyInContainer network = start(site)) {
      left = site;
      Link link = network.link(upstream(cluster));
      String identifier = identifier(link, cluster);
      assertThat(cluster.query("postgres", "SELECT system_identifier FROM pg_control_system()"))
          .containsExactly(identifier);
      try (Cluster other = cluster.sibling().start()) {
        assertThat(identifier(network.link(upstream(other)), other)).isNotEqualTo(identifier);
        cluster.stop(StopMode.FAST);
        // It takes the address that has become free, so that the first server gets another.
        try (Cluster third = cluster.sibling().start()) {
          cluster.start();
          assertThat(identifier(link, cluster)).isEqualTo(identifier);
        }
      }
      try (Damage damage = new Fault.Partition().inject(link)) {
        assertThatThrownBy(() -> identifier(link, cluster)).isInstanceOf(SQLException.class);
      }
      assertThat(identifier(link, cluster)).isEqualTo(identifier);
      cluster.kill();
      long begin = System.nanoTime();
      for (int client = 0; client < 3; client++) {
        assertThatThrownBy(() -> identifier(link, cluster)).isInstanceOf(SQLException.class);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - begin))
          .as("nobody far away is asked for the name of a server that is gone")
          .isLessThan(Duration.ofSeconds(5));
      cluster.start();
      assertThat(identifier(link, cluster)).isEqualTo(identifier);
    }
    assertThat(left.remains(SOON)).isEmpty();
  }

  /** Docker's own way to a published port makes an end in order of it. */
  @Test
  void resetsForReal() throws IOException {
    try (Site site = servers.open();
        Cluster cluster = site.cluster().start();
        ToxiproxyInContainer network = start(site)) {
      Link link = network.resettableLink(upstream(cluster));
      try (Socket socket = new Socket(link.host(), link.port());
          Damage damage = new Fault.ResetConnections().inject(link)) {
        socket.setSoTimeout(20_000);
        // SSLRequest (protocol-message-formats): the server answers with one byte.
        socket.getOutputStream().write(new byte[] {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f});
        assertThatThrownBy(() -> socket.getInputStream().read())
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("reset");
      }
    }
  }

  @Test
  void isPublishedOnTheLoopbackInterfaceAlone() throws IOException {
    try (Site site = servers.open();
        ToxiproxyInContainer network = start(site)) {
      network.link("nobody:1");
      String itself = docker(
          "ps", "-q", "--filter", "network=" + site.network().orElseThrow().name());
      assertThat(docker("port", itself).lines())
          .as("the control port and one for each link")
          .hasSize(33)
          .allMatch(port -> port.contains(" -> 127.0.0.1:"));
      assertThat(docker(
              "inspect", "-f", "{{.HostConfig.DnsOptions}} {{.HostConfig.DnsSearch}}", itself))
          .as("a server's name is looked for in the network alone")
          .isEqualTo("[ndots:1] [.]");
    }
  }

  private static String docker(String... words) throws IOException {
    List<String> command = Stream.concat(Stream.of("docker"), Stream.of(words)).toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  @Test
  void isMissedWhenItIsLeftAndGoesWithItsSite() {
    Site site = servers.open();
    ToxiproxyInContainer network = start(site);
    assertThat(site.remains(Duration.ofMillis(100)))
        .anyMatch(line -> line.startsWith("container "));
    network.close();
    assertThat(site.remains(Duration.ofMillis(100)))
        .noneMatch(line -> line.startsWith("container "));
    start(site);
    Thread.currentThread().interrupt();
    site.close();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(site.remains(SOON)).isEmpty();
  }

  @Test
  void refusesAnImageOfSomethingElseAndLeavesNothingOfIt() {
    try (Site site = servers.open()) {
      ContainerNetwork network = site.network().orElseThrow();
      assertThatThrownBy(
              () -> ToxiproxyInContainer.start(servers.image(), network.name(), network.labels()))
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.getMessage())
                  .startsWith("BRM-706: a container of image postgres:18 ")
                  .contains("is that an image of Toxiproxy? "));
      assertThat(site.remains(Duration.ofMillis(100)))
          .noneMatch(line -> line.startsWith("container "));
    }
  }

  private static String upstream(Cluster cluster) {
    Cluster.Address address = cluster.addressForServers();
    return address.host() + ":" + address.port();
  }

  private static String identifier(Link link, Cluster cluster) throws SQLException {
    try (var connection = DriverManager.getConnection(
            "jdbc:postgresql://" + link.host() + ":" + link.port() + "/postgres?connectTimeout=10",
            cluster.user(),
            cluster.password().reveal());
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT system_identifier FROM pg_control_system()")) {
      rows.next();
      return rows.getString(1);
    }
  }
}
