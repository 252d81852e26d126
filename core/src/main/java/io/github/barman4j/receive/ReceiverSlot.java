package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ReplicationSlot;
import io.github.barman4j.protocol.ServerErrorException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The slot that a receiver uses.
 *
 * @param kept from where on the server keeps log for it; empty when it keeps none: it was invalidated, or made without reserving any
 * @param created whether it was missing and was made just now
 */
record ReceiverSlot(String name, Optional<Lsn> kept, boolean created) {
  /** SQLSTATE duplicate_object. */
  private static final String ALREADY_EXISTS = "42710";

  private static final Duration CREATION = Duration.ofMillis(500);

  /**
   * Finds the slot, or makes it where it is missing and may be.
   *
   * @throws BarmanException SLOT_MISSING, or what the server refuses
   */
  static ReceiverSlot open(ReplicationConnection connection, ReceiveSettings settings) {
    String name = settings.slot();
    Optional<ReplicationSlot> slot = read(connection, name);
    boolean created = false;
    if (slot.isEmpty()) {
      if (!settings.createSlot()) {
        throw new BarmanException(
            ErrorCode.SLOT_MISSING,
            "the server has no replication slot '" + name + "'",
            "create it with pg_create_physical_replication_slot('" + name
                + "', true), or let the receiver do it (barman.createSlot)");
      }
      created = create(connection, name);
      slot = read(connection, name);
    }
    if (slot.isEmpty()) {
      throw new BarmanException(
          ErrorCode.SLOT_MISSING,
          "the replication slot '" + name + "' was dropped while the receiver began",
          "start the receiver again");
    }
    return new ReceiverSlot(name, slot.get().restartLsn(), created);
  }

  /** @return false when it is there: a receiver that was killed while it made it, or another one, has come first */
  private static boolean create(ReplicationConnection connection, String name) {
    try {
      connection.createSlot(name, false, true);
      return true;
    } catch (ServerErrorException e) {
      if (e.sqlState().equals(ALREADY_EXISTS)) {
        return false;
      }
      throw e;
    }
  }

  /** A slot that keeps nothing may be one that the server is about to finish, for a client that has gone: it is looked at once more. */
  private static Optional<ReplicationSlot> read(ReplicationConnection connection, String name) {
    Optional<ReplicationSlot> slot = connection.readSlot(name);
    if (slot.isPresent() && slot.get().restartLsn().isEmpty()) {
      LockSupport.parkNanos(CREATION.toNanos());
      return connection.readSlot(name);
    }
    return slot;
  }

  /** That its protection is gone. */
  static BarmanException lost(String name, String why, BarmanException cause) {
    return lost(name, why, Optional.of(cause));
  }

  static BarmanException lost(String name, String why, Optional<BarmanException> cause) {
    return new BarmanException(
        ErrorCode.SLOT_LOST,
        "replication slot '" + name + "' has not kept the log that was not received yet: " + why,
        "run SELECT pg_drop_replication_slot('" + name
            + "') on the server and start the receiver, which makes a new one; then take a backup: what was not received is lost",
        cause.orElse(null));
  }
}
