package io.github.barman4j.store;

/** The right to be the only one; given back by {@link #close()}, which may be called from any thread and more than once. */
public interface Lease extends AutoCloseable {
  @Override
  void close();
}
