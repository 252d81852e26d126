package io.github.barman4j;

import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;

/**
 * The steps that make something durable, each at the moment just before it is taken.
 *
 * <p>In production nobody looks. A test puts a {@link PersistenceObserver} on the class path of a child process and stops or
 * fails the process at the step that it wants.
 */
public enum PersistencePoint {
  CREATE_TEMPORARY,
  SYNC_FILE,
  RENAME,
  LINK,
  SYNC_DIRECTORY,
  DELETE,
  ACKNOWLEDGE;

  private static final List<PersistenceObserver> OBSERVERS =
      ServiceLoader.load(PersistenceObserver.class, PersistencePoint.class.getClassLoader())
          .stream()
          .map(ServiceLoader.Provider::get)
          .toList();

  /** Tells the observers that the step is about to be taken on this file or directory. */
  public void reached(Path what) {
    for (PersistenceObserver observer : OBSERVERS) {
      observer.reached(this, what);
    }
  }
}
