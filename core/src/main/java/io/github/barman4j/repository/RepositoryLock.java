package io.github.barman4j.repository;

import io.github.barman4j.store.Lease;

/** A lock on one server's part, held until {@link #close()} or until the process dies. Thread-safe. */
public final class RepositoryLock implements AutoCloseable {
  private final Lease lease;
  private final Runnable released;

  RepositoryLock(Lease lease, Runnable released) {
    this.lease = lease;
    this.released = released;
  }

  @Override
  public void close() {
    released.run();
    lease.close();
  }
}
