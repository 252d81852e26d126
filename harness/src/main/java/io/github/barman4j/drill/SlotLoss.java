package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Poll;
import java.time.Duration;

/** Takes away a slot that nobody uses, and what the server kept for it. */
record SlotLoss(Primary primary, String slot) {
  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Drops the slot, and makes the server remove the log that it kept. */
  void drop() {
    String first =
        primary.text("SELECT pg_walfile_name(restart_lsn) FROM pg_replication_slots WHERE " + it());
    awaitUnused();
    primary.text("SELECT pg_drop_replication_slot('" + slot + "')");
    awaitRemoval("SELECT count(*) FROM pg_ls_waldir() WHERE name = '" + first + "'");
  }

  /** Makes the server invalidate the slot. */
  void exceedLimit() {
    awaitUnused();
    setLimit("SET max_slot_wal_keep_size = '1MB'");
    awaitRemoval(
        "SELECT count(*) FROM pg_replication_slots WHERE wal_status <> 'lost' AND " + it());
    setLimit("RESET max_slot_wal_keep_size");
  }

  private String it() {
    return "slot_name = '" + slot + "'";
  }

  private void setLimit(String change) {
    primary.cluster().execute("postgres", "ALTER SYSTEM " + change, "SELECT pg_reload_conf()");
  }

  /** The server notices the end of a connection a moment later. */
  private void awaitUnused() {
    awaitZero("SELECT count(*) FROM pg_replication_slots WHERE active AND " + it(), () -> {});
  }

  /** A checkpoint removes the segments that are not needed, once there are newer ones. */
  private void awaitRemoval(String count) {
    awaitZero(count, () -> {
      primary.switchSegment();
      primary.cluster().execute("postgres", "CHECKPOINT");
    });
  }

  private void awaitZero(String count, Runnable meanwhile) {
    boolean reached = Poll.until(INTERVAL, PATIENCE, () -> {
      meanwhile.run();
      return primary.text(count).equals("0");
    });
    if (!reached) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the server did not come to zero rows of " + count,
          "look at its log\n" + primary.cluster().log().tail(10));
    }
  }
}
