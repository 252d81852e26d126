package io.github.barman4j.health;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A running server at one moment.
 *
 * @param position after the last byte of its log
 * @param dataDirectory empty when the role may not see it
 * @param databaseBytes of the databases that the role may measure
 * @param slot that of the receiver; empty when the server has none of this name
 * @param streams of clients with the receiver's name
 */
public record LiveStatus(
    PostgresVersion postgres,
    SystemIdentifier systemIdentifier,
    boolean standby,
    Lsn position,
    Optional<String> dataDirectory,
    long databaseBytes,
    String slotName,
    Optional<Slot> slot,
    List<Stream> streams,
    Archiver archiver) {
  public LiveStatus {
    streams = List.copyOf(streams);
  }

  /**
   * The receiver's replication slot.
   *
   * @param keptBytes that the server keeps for it; empty while it keeps none, and when they are lost
   * @param walStatus reserved, extended, unreserved or lost; empty while it keeps none
   */
  public record Slot(
      boolean active, Optional<Lsn> restart, Optional<Long> keptBytes, String walStatus) {}

  /**
   * A connected receiver.
   *
   * @param lagBytes that it has not acknowledged; empty where the role may not see it
   * @param syncState async, potential, sync or quorum
   */
  public record Stream(
      String state, Optional<Lsn> flushed, Optional<Long> lagBytes, String syncState) {}

  /**
   * The server's own archiver.
   *
   * @param mode off, on or always
   * @param failures since the server's statistics were reset
   */
  public record Archiver(
      String mode,
      Optional<String> lastArchived,
      Optional<Instant> lastArchivedAt,
      long failures,
      Optional<String> lastFailed) {}
}
