package io.github.barman4j.it.crash;

import io.github.barman4j.PersistenceObserver;
import io.github.barman4j.PersistencePoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Inside of a process that is to be killed: writes down each durable step, or stops for ever at one and says so. In every other process
 * it does nothing.
 */
public final class StepObserver implements PersistenceObserver {
  static final String BASE = "barman.crash.base";
  static final String RECORD = "barman.crash.record";
  static final String STOP_AT = "barman.crash.stopAt";

  /** What standard output says when the step is reached. */
  static final String REACHED = "REACHED";

  private static final @Nullable Path BASE_FOLDER = path(BASE);
  private static final @Nullable Path RECORD_FILE = path(RECORD);
  private static final @Nullable String STOP = System.getProperty(STOP_AT);
  private static final Step.Counter COUNTER = new Step.Counter();

  private static @Nullable Path path(String property) {
    String value = System.getProperty(property);
    return value == null ? null : Path.of(value);
  }

  @Override
  public void reached(PersistencePoint point, Path what) {
    Path base = BASE_FOLDER;
    if (base == null) {
      return;
    }
    Step step;
    synchronized (COUNTER) {
      step = COUNTER.next(point.name(), Step.kindOf(base, what.toAbsolutePath()));
      record(step);
    }
    if (step.toString().equals(STOP)) {
      System.out.println(REACHED);
      System.out.flush();
      waitForTheEnd();
    }
  }

  private static void record(Step step) {
    Path file = RECORD_FILE;
    if (file != null) {
      try {
        Files.writeString(file, step + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void waitForTheEnd() {
    while (true) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        System.out.println("interrupted, and waits on");
      }
    }
  }
}
