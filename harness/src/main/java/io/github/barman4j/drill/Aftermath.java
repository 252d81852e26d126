package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.TableHashes;
import io.github.barman4j.workload.Workload;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * What a new primary does after a failover until it is killed too: the receiver follows it, a backup is taken of it, and more is
 * committed.
 *
 * @param followed how long the receiver took until it had all that the new primary had
 * @param tables as they were at the end, that of the load too
 */
record Aftermath(Backup backup, Duration followed, TableHashes tables) {
  private static final int COMMITS = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  static Aftermath of(Stage stage, Follower follower) throws SQLException {
    long begin = System.nanoTime();
    Backup backup;
    Duration followed;
    try (Workload load = follower.startLoad(stage)) {
      awaitReceived(stage.host(), follower);
      followed = Duration.ofNanos(System.nanoTime() - begin);
      stage.tell("the receiver has followed");
      backup = stage.host().backup();
      awaitMore(stage.primary().ledger(), load);
      load.stop(Duration.ofSeconds(5));
    }
    TableHashes tables;
    try (Connection connection = follower.server().connect(Primary.DATABASE)) {
      tables = TableHashes.of(connection);
    }
    awaitReceived(stage.host(), follower);
    stage.host().stopReceiver();
    follower.server().kill();
    return new Aftermath(backup, followed, tables);
  }

  /** By their number: positions of two timelines do not compare. */
  private static void awaitMore(Ledger ledger, Workload load) {
    int enough = ledger.acknowledged() + COMMITS;
    boolean reached = Poll.until(Duration.ofMillis(10), PATIENCE, () -> {
      load.requireAlive();
      return ledger.acknowledged() >= enough;
    });
    if (!reached) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "fewer than " + COMMITS + " commits were acknowledged by the new primary within "
              + PATIENCE.toSeconds() + " s",
          "look at the server's log");
    }
  }

  private static void awaitReceived(BackupHost host, Follower follower) {
    Lsn end = follower.flushed();
    boolean reached = Poll.until(Duration.ofMillis(10), PATIENCE, () -> {
      host.requireReceiver();
      return follower.streamsTo(BackupHost.SLOT) && !host.flushed().isBefore(end);
    });
    if (!reached) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the receiver did not follow to " + end + " on the new primary within "
              + PATIENCE.toSeconds() + " s but stays at " + host.flushed(),
          "look at the receiver's events and at the server's log\n"
              + follower.server().log().tail(10));
    }
  }
}
