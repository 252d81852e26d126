package io.github.barman4j.cluster;

import java.util.Optional;

/** Which kind of server is drilled. A value; {@link #open} makes a place for the servers of one run. */
public sealed interface Servers permits EmbeddedServers, ContainerServers {
  /** As the reports name it: {@code embedded} or {@code docker}. */
  String kind();

  /** Of PostgreSQL, for instance {@code 18.6}. */
  String version();

  /** What there may be of such servers, for a sentence that says that nothing of it is left. */
  String remains();

  /** Why a server's clock cannot be set apart from this machine's; empty when it can. */
  Optional<String> whyClocksStay();

  /**
   * @throws io.github.barman4j.BarmanException with code DRILL_CLUSTER when nothing can be made on this machine that servers may use,
   *     for instance because no account here may run PostgreSQL
   */
  Site open();
}
