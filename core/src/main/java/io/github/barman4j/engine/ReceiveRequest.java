package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/**
 * How to receive WAL.
 *
 * @param slot the physical replication slot, {@code [a-z0-9_]{1,63}} (PostgreSQL manual, 27.2.6); also the application name,
 *     so it is what {@code synchronous_standby_names} lists to make the receiver a synchronous standby
 * @param createSlot create the slot when it is not there
 * @param synchronous refuse to run when the server does not count this receiver as a synchronous standby
 */
public record ReceiveRequest(String slot, boolean createSlot, boolean synchronous) {
  public static final String DEFAULT_SLOT = "barman";

  public ReceiveRequest {
    if (!slot.matches("[a-z0-9_]{1,63}")) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + slot + "' is not a name for a replication slot",
          "use at most 63 lower-case letters, digits and '_' in barman.slot");
    }
  }

  public static ReceiveRequest defaults() {
    return new ReceiveRequest(DEFAULT_SLOT, true, false);
  }
}
