package io.github.barman4j.restore;

/** A restore whose base is there and whose WAL is still being brought. Used by one thread. */
public interface RunningRestore extends AutoCloseable {
  /**
   * Waits until all WAL is there.
   *
   * @throws io.github.barman4j.BarmanException the first failure, of the archive or of the disk
   */
  RestoreResult join();

  /** Gives up what has not been brought; after {@link #join()} it does nothing. */
  @Override
  void close();
}
