package io.github.barman4j.store;

import java.io.OutputStream;

/** An object that is being written. {@link #close()} without a commit leaves no trace. Not thread-safe. */
public interface Upload extends AutoCloseable {

  /** Where the content goes; need not be closed, may be unbuffered. */
  OutputStream out();

  /** Makes the object durable and visible; an existing one is replaced. */
  void commit();

  /**
   * Makes the object durable and visible unless the key is taken.
   *
   * @return false when it is; nothing was changed then
   */
  boolean commitIfAbsent();

  @Override
  void close();
}
