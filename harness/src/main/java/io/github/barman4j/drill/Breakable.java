package io.github.barman4j.drill;

import io.github.barman4j.fault.Fault;
import java.util.Map;
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
  CONNECTIONS,
  /** The clock of the server: in containers, of an image with libfaketime. Elsewhere the scenario is skipped. */
  CLOCK,
  /** The disk of the backup host, which can be filled. */
  DISK,
  /** The key of the repository, which is encrypted. */
  KEY;

  private static final Map<Class<?>, Breakable> NEEDED = Map.of(
      Fault.ResetConnections.class, CONNECTIONS,
      Fault.SkewClock.class, CLOCK,
      Fault.FillDisk.class, DISK,
      Fault.LoseKey.class, KEY,
      Fault.MistakeKey.class, KEY);

  /** What must be breakable for a fault of this kind; empty for one that needs nothing. */
  static Optional<Breakable> neededFor(Class<?> fault) {
    return Optional.ofNullable(NEEDED.get(fault))
        .or(() -> Optional.of(NETWORK).filter(any -> Fault.OfLink.class.isAssignableFrom(fault)));
  }

  /** What a machine must have for it. */
  Stream<ScenarioDetail.Need> needs() {
    if (this == CLOCK) {
      return Stream.of(ScenarioDetail.Need.CONTAINERS, ScenarioDetail.Need.FAKETIME);
    }
    return isNetwork() ? Stream.of(ScenarioDetail.Need.TOXIPROXY) : Stream.empty();
  }

  boolean isNetwork() {
    return this == NETWORK || this == CONNECTIONS;
  }
}
