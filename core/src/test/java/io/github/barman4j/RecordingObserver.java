package io.github.barman4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records the durable steps that the calling thread takes. */
public final class RecordingObserver implements PersistenceObserver {
  private static final ThreadLocal<@Nullable List<PersistencePoint>> STEPS = new ThreadLocal<>();

  static List<PersistencePoint> record(Work work) throws IOException {
    List<PersistencePoint> steps = new ArrayList<>();
    STEPS.set(steps);
    try {
      work.run();
    } finally {
      STEPS.remove();
    }
    return steps;
  }

  @Override
  public void reached(PersistencePoint point, Path what) {
    List<PersistencePoint> steps = STEPS.get();
    if (steps != null) {
      steps.add(point);
    }
  }

  interface Work {
    void run() throws IOException;
  }
}
