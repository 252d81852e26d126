package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * The receiver as its server sees it, by the slot: it keeps what was not acknowledged yet (walsender.c,
 * PhysicalConfirmReceivedLocation, 15–18), also while nobody receives.
 */
record ReceiverSlot(Primary primary, BackupHost host) {
  private static final Duration INTERVAL = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** What was acknowledged last. */
  Lsn position() {
    return Lsn.parse(primary.text("SELECT restart_lsn FROM pg_replication_slots WHERE slot_name = '"
        + BackupHost.SLOT + "'"));
  }

  /** Waits until the receiver is neither at the beginning nor at the end of a segment. */
  void awaitMiddleOfSegment(WalSegmentSize size) {
    await("the middle of a segment", () -> {
      long offset = position().value() & (size.bytes() - 1);
      return offset > size.bytes() / 10 && offset < size.bytes() / 10L * 8;
    });
  }

  void await(Lsn end) {
    await(end.toString(), () -> !position().isBefore(end));
  }

  /** Waits until everything that the server has flushed is acknowledged. */
  void awaitNoLag() {
    await(
        "the server's end",
        () -> primary
            .text("SELECT restart_lsn >= pg_current_wal_flush_lsn() FROM pg_replication_slots"
                + " WHERE slot_name = '" + BackupHost.SLOT + "'")
            .equals("t"));
  }

  private void await(String what, BooleanSupplier reached) {
    if (!Poll.until(INTERVAL, PATIENCE, () -> {
      host.requireReceiver();
      return reached.getAsBoolean();
    })) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the receiver did not come to " + what + " but stays at " + position(),
          "look at the server's log\n" + primary.cluster().log().tail(10));
    }
  }
}
