package io.github.barman4j.restore;

import io.github.barman4j.PersistenceObserver;
import io.github.barman4j.PersistencePoint;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets a number of durable steps below a directory happen and no more, in whatever thread. */
public final class StoppingObserver implements PersistenceObserver {
  private static volatile Path watched = Path.of("/nowhere");
  private static final AtomicInteger LEFT = new AtomicInteger(Integer.MAX_VALUE);

  static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped(String message) {
      super(message);
    }
  }

  static void watch(Path directory, int steps) {
    watched = directory;
    LEFT.set(steps);
  }

  @Override
  public void reached(PersistencePoint point, Path what) {
    if (what.startsWith(watched) && LEFT.getAndDecrement() <= 0) {
      throw new Stopped(point + " of " + what);
    }
  }
}
