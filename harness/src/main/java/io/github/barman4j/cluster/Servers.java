package io.github.barman4j.cluster;

import java.util.Optional;

/** Which kind of server is drilled. A value; {@link #open} makes a place for the servers of one run. */
public sealed interface Servers permits EmbeddedServers, ContainerServers {
  /** As the reports name it: {@code embedded} or {@code docker}. */
  String kind();

  /** Of PostgreSQL, for instance {@code 18.6}. */
  String version();

  /** Where its programs are from, for messages: {@code /usr/lib/postgresql/18/bin}, {@code image postgres:18}. */
  String origin();

  /** The property that names another origin. */
  String originProperty();

  /** Of the version. */
  default int major() {
    return PostgresBinaries.major(version());
  }

  /** What there may be of such servers, for a sentence that says that nothing of it is left. */
  String remains();

  /** Why a server's clock cannot be set apart from this machine's; empty when it can. */
  Optional<String> whyClocksStay();

  /**
   * @throws io.github.barman4j.BarmanException with code DRILL_CLUSTER when nothing can be made on this machine that servers may use,
   *     for instance because no account here may run PostgreSQL
   */
  Site open();

  /**
   * A place for a server that must reach nothing and that nobody may reach: in containers there is no network.
   *
   * @throws io.github.barman4j.BarmanException as {@link #open}
   */
  Site openIsolated();
}
