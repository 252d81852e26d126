package io.github.barman4j.fault;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Something that goes wrong. */
public sealed interface Fault {

  /** SIGKILL for every process of the server. */
  record KillServer() implements Fault {}

  /** The disk under the server is gone; the server runs no more. */
  record DeleteDataDirectory() implements Fault {}

  /** Somebody drops a table, committed. */
  record DropTable(String name) implements Fault {}

  /** Nothing is sent to the receiver for a while, and nothing it says is heard. */
  record HoldBackReceiver(Duration time) implements Fault {}

  /** Injects this fault and returns when it is done. */
  default Injection inject(FaultTarget target) {
    Instant time = Instant.now();
    long nanos = System.nanoTime();
    Optional<Injection.CommittedTransaction> transaction = Optional.empty();
    if (this instanceof KillServer) {
      nanos = target.killServer();
    } else if (this instanceof DeleteDataDirectory) {
      target.deleteDataDirectory();
    } else if (this instanceof DropTable drop) {
      transaction = Optional.of(target.dropTable(drop.name()));
    } else if (this instanceof HoldBackReceiver hold) {
      target.holdBackReceiver(hold.time());
    }
    return new Injection(this, nanos, time, transaction);
  }
}
