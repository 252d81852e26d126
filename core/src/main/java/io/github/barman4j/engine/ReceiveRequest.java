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
 * @param keptSegments how many archived segments stay as plain files in the spool's folder {@code recent}, for a standby's
 *     restore_command; 0 to 10000. Not in an encrypted repository, where nothing plain is kept
 */
public record ReceiveRequest(
    String slot, boolean createSlot, boolean synchronous, int keptSegments) {
  public static final String DEFAULT_SLOT = "barman";

  private static final int MOST_KEPT = 10_000;

  public ReceiveRequest {
    if (!slot.matches("[a-z0-9_]{1,63}")) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + slot + "' is not a name for a replication slot",
          "use at most 63 lower-case letters, digits and '_' in barman.slot");
    }
    if (keptSegments < 0 || keptSegments > MOST_KEPT) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          keptSegments + " segments cannot be kept for standbys",
          "set barman.receive.keepSegments to 0 to " + MOST_KEPT);
    }
  }

  /** Keeps nothing for standbys. */
  public ReceiveRequest(String slot, boolean createSlot, boolean synchronous) {
    this(slot, createSlot, synchronous, 0);
  }

  public ReceiveRequest withKeptSegments(int count) {
    return new ReceiveRequest(slot, createSlot, synchronous, count);
  }

  public static ReceiveRequest defaults() {
    return new ReceiveRequest(DEFAULT_SLOT, true, false);
  }
}
