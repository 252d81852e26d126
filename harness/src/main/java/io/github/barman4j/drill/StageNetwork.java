package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Link;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/** A way to the server for each who takes one, which can be broken apart from the others. The stage closes it. */
final class StageNetwork {
  private final Primary primary;
  private final Map<Way, Link> links = new EnumMap<>(Way.class);

  /** @param resettable whether its connections can be reset */
  StageNetwork(DrillNetwork network, Stage stage, boolean resettable) {
    this.primary = stage.primary();
    for (Way way : Way.values()) {
      links.put(way, resettable ? network.resettableLink(stage) : network.link(stage));
    }
  }

  Link link(Way way) {
    Link link = links.get(way);
    if (link == null) {
      throw new IllegalStateException("there is no link for " + way);
    }
    return link;
  }

  /** To the drill's database. */
  ServerConnection connection(Way way) {
    return DrillNetwork.through(link(way), primary, "");
  }

  /** As a client; thread-safe. */
  Connection connect() throws SQLException {
    Link link = link(Way.CLIENTS);
    return primary
        .cluster()
        .connect(Primary.DATABASE, new Cluster.Address(link.host(), link.port()));
  }
}
