package io.github.barman4j.drill;

import io.github.barman4j.fault.Fault;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of a stage that can be broken only where the stage was made for it: a scenario of one's own says beforehand what it will break. */
public enum Breakable {
  /** Between the server and its backup host, and between the server and its clients. Without a Toxiproxy the scenario is skipped. */
  NETWORK,
  /**
   * The network, and its connections can be reset (RST) as well. A connection that ends for another reason may then end by a reset, too,
   * where it would have been closed in order.
   */
  CONNECTIONS;

  /** What must be breakable for a fault of this kind; empty for one that needs nothing. */
  static Optional<Breakable> neededFor(Class<?> fault) {
    if (fault == Fault.ResetConnections.class) {
      return Optional.of(CONNECTIONS);
    }
    return Fault.OfLink.class.isAssignableFrom(fault) ? Optional.of(NETWORK) : Optional.empty();
  }

  /** What a machine must have for it. */
  Stream<ScenarioDetail.Need> needs() {
    return isNetwork() ? Stream.of(ScenarioDetail.Need.TOXIPROXY) : Stream.empty();
  }

  boolean isNetwork() {
    return this == NETWORK || this == CONNECTIONS;
  }
}
