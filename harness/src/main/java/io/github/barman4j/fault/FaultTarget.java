package io.github.barman4j.fault;

import java.time.Duration;

/** What can be broken. */
public interface FaultTarget {
  /** @return {@link System#nanoTime()} just before the first process was killed */
  long killServer();

  void deleteDataDirectory();

  Injection.CommittedTransaction dropTable(String name);

  /** Returns after {@code time}, the receiver still held back; what ends it is the server's end. */
  void holdBackReceiver(Duration time);
}
