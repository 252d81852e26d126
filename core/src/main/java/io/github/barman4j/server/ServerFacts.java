package io.github.barman4j.server;

import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalSegmentSize;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a server says about itself at one moment.
 *
 * @param dataDirectory empty when the role may not see it (pg_read_all_settings)
 * @param dataChecksums whether pages carry a checksum
 * @param standby whether it is in recovery
 * @param role the one that asks
 * @param mayReplicate whether the role has REPLICATION or is a superuser
 * @param walSenders configured and in use
 * @param replicationSlots configured and in use
 * @param synchronousStandbyNames as set; empty for none
 * @param tablespaces besides pg_default and pg_global
 * @param wireCompressions that this build has; gzip is in every build that has zlib, which cannot be asked
 */
public record ServerFacts(
    PostgresVersion version,
    SystemIdentifier systemIdentifier,
    WalSegmentSize walSegmentSize,
    Optional<String> dataDirectory,
    boolean dataChecksums,
    boolean standby,
    String role,
    boolean mayReplicate,
    String walLevel,
    Usage walSenders,
    Usage replicationSlots,
    boolean fullPageWrites,
    String synchronousStandbyNames,
    List<SourceTablespace> tablespaces,
    Set<WireCompression> wireCompressions) {

  /**
   * How many of something there can be, and are.
   *
   * @param used other clients' included
   */
  public record Usage(int configured, int used) {
    public int free() {
      return Math.max(0, configured - used);
    }

    @Override
    public String toString() {
      return used + " of " + configured + " in use";
    }
  }

  public ServerFacts {
    tablespaces = List.copyOf(tablespaces);
    wireCompressions = Set.copyOf(wireCompressions);
  }
}
