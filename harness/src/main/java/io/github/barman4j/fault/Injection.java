package io.github.barman4j.fault;

import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import java.util.Optional;

/**
 * A fault that has happened.
 *
 * @param nanos {@link System#nanoTime()} just before the damage
 * @param time this machine's clock at about that moment
 * @param transaction when the fault was one
 */
public record Injection(
    Fault fault, long nanos, Instant time, Optional<CommittedTransaction> transaction) {

  /**
   * A transaction that did damage.
   *
   * @param xid 64-bit id
   * @param before an insert position read before its COMMIT
   * @param after an insert position read after its COMMIT
   */
  public record CommittedTransaction(long xid, Lsn before, Lsn after) {}
}
