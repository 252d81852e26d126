package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.ContainerNetwork;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.fault.Network;
import io.github.barman4j.fault.ToxiproxyInContainer;
import io.github.barman4j.fault.ToxiproxyServer;
import java.nio.file.Path;

/** With what the network of a drill is broken here. */
sealed interface NetworkMeans {
  /** The program {@code toxiproxy-server}, which finds a server by its port on this machine; a container has one, too. */
  record Program(Path path) implements NetworkMeans {
    @Override
    public Network open(Site site) {
      return ToxiproxyServer.start(path);
    }

    @Override
    public String upstream(Cluster server) {
      return "127.0.0.1:" + server.port();
    }
  }

  /** An image of Toxiproxy that is here; its container finds a server by its name in the site's network. */
  record Image(String name) implements NetworkMeans {
    @Override
    public Network open(Site site) {
      ContainerNetwork network = site.network()
          .orElseThrow(() -> new IllegalStateException("the servers are not in containers"));
      return ToxiproxyInContainer.start(name, network.name(), network.labels());
    }

    @Override
    public String upstream(Cluster server) {
      Cluster.Address address = server.addressForServers();
      return address.host() + ":" + address.port();
    }
  }

  /** @param why nothing can break it */
  record Nothing(String why) implements NetworkMeans {
    @Override
    public Network open(Site site) {
      throw new IllegalStateException(why);
    }

    @Override
    public String upstream(Cluster server) {
      throw new IllegalStateException(why);
    }
  }

  /**
   * The caller closes it, before the site.
   *
   * @throws io.github.barman4j.BarmanException with code DRILL_NETWORK when it does not start
   */
  Network open(Site site);

  /** Where it finds a server of that site. */
  String upstream(Cluster server);
}
