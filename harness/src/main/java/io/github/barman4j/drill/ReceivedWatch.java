package io.github.barman4j.drill;

import io.github.barman4j.postgres.Lsn;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Writes down, ten times a second, what the receiver of the moment has made durable. Thread-safe.
 *
 * <p>{@link #close()} ends that; what was seen stays.
 */
final class ReceivedWatch implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 100;
  private static final Supplier<Lsn> NOBODY = () -> Lsn.INVALID;

  private final List<Seen> seen = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "received-watch");
        made.setDaemon(true);
        return made;
      });
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile Supplier<Lsn> receiver = NOBODY;

  /** @param nanos {@link System#nanoTime()} before the receiver was asked */
  record Seen(long nanos, Lsn flushed) {}

  /** @param flushed {@link Lsn#INVALID} as long as nothing is durable; must not throw */
  void observe(Supplier<Lsn> flushed) {
    receiver = flushed;
    if (started.compareAndSet(false, true)) {
      thread.scheduleAtFixedRate(this::look, 0, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** There is no receiver for now. */
  void rest() {
    receiver = NOBODY;
  }

  private void look() {
    long nanos = System.nanoTime();
    Lsn position = receiver.get();
    if (!position.isInvalid()) {
      seen.add(new Seen(nanos, position));
    }
  }

  /** In the order of time. */
  List<Seen> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
