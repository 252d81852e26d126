package io.github.barman4j;

import java.nio.file.Path;

/** A test's hook on the durable steps, found by {@link java.util.ServiceLoader}. It may throw or end the process. */
public interface PersistenceObserver {
  void reached(PersistencePoint point, Path what);
}
