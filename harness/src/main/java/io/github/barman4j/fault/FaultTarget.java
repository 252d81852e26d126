package io.github.barman4j.fault;

import java.time.Duration;

/** The server that is backed up, where it can be broken. */
public interface FaultTarget {
  /** @return {@link System#nanoTime()} just before the first process was killed */
  long killServer();

  /** @return {@link System#nanoTime()} just before the server was told to stop */
  long stopServer();

  void deleteDataDirectory();

  Injection.CommittedTransaction dropTable(String name);

  Injection.CommittedTransaction truncateTable(String name);

  Injection.CommittedTransaction updateEveryRow(String table, String set);

  /** Returns when no process goes on. */
  Damage pauseServer();

  /**
   * The server is stopped in order, and started with that clock.
   *
   * @param ahead negative for a clock that is behind
   * @throws IllegalStateException where a server has the clock of its machine
   */
  Damage skewClock(Duration ahead);

  /** Returns when the log that the slot kept is removed. */
  void dropSlot(String name);

  /** Returns when the server has invalidated the slot. */
  void exceedSlotLimit(String name);

  /** Changes a bit of a block of 8 KiB, which the server has not in memory, in a table's file. */
  void damagePage(String table, long block);

  /** Returns after {@code time}, the receiver still held back; what ends it is the server's end. */
  void holdBackReceiver(Duration time);
}
