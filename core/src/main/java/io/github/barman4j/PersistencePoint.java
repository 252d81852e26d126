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
  CREATE_DIRECTORY,
  /** A file that appears under a temporary name first. */
  CREATE_TEMPORARY,
  /** A file that has its own name from the beginning. */
  CREATE_FILE,
  WRITE,
  SYNC_FILE,
  RENAME,
  LINK,
  SYNC_DIRECTORY,
  DELETE,
  /** An operating system's lock is about to be asked for. */
  LOCK,
  /** A position of the log is about to be reported to the server as durable. */
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
