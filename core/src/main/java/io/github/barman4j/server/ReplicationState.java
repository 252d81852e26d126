package io.github.barman4j.server;

import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a server says, at one moment, of its log and of those who take it.
 *
 * @param position after the last byte that is written; of a standby, after the last that it has received or replayed
 * @param databaseBytes of all databases that the role may connect to, which are all with pg_read_all_stats
 * @param slot the one that was asked for; empty when the server has none of this name
 * @param streams of the clients with that slot's name; a role without pg_read_all_stats sees its own
 */
public record ReplicationState(
    Lsn position,
    long databaseBytes,
    Optional<Slot> slot,
    List<Stream> streams,
    Archiver archiver) {
  public ReplicationState {
    streams = List.copyOf(streams);
  }

  /**
   * A replication slot (manual, 54.19, pg_replication_slots).
   *
   * @param restartLsn the first position that the server keeps for it; empty while it keeps none
   * @param walStatus reserved, extended, unreserved or lost; empty while it keeps none
   */
  public record Slot(String name, boolean active, Optional<Lsn> restartLsn, String walStatus) {}

  /**
   * A client that receives (manual, 28.2.4, pg_stat_replication).
   *
   * @param flushed what it has acknowledged as durable; empty before the first time
   * @param syncState async, potential, sync or quorum
   */
  public record Stream(String state, Optional<Lsn> flushed, String syncState) {}

  /**
   * The server's own archiver (manual, 28.2.9, pg_stat_archiver).
   *
   * @param mode archive_mode: off, on or always
   * @param lastArchived name of a segment or history file
   * @param failures since the statistics were reset
   */
  public record Archiver(
      String mode,
      Optional<String> lastArchived,
      Optional<Instant> lastArchivedAt,
      long failures,
      Optional<String> lastFailed) {}
}
