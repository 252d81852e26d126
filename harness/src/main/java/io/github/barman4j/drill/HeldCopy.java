package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.DiskCall;
import io.github.barman4j.fault.DiskFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A disk on which a restore comes to a stop in the middle: everybody who writes to a table's file waits, once some have been written,
 * until the copy is let go on, or for {@link #LONGEST}. Thread-safe.
 */
final class HeldCopy implements DiskFault, AutoCloseable {
  /** Then it goes on by itself: what waits for the restore would never end otherwise. */
  static final Duration LONGEST = Duration.ofMinutes(1);

  private static final Duration INTERVAL = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int WRITES_BEFORE = 20;
  private static final String TABLES = "data/base/";

  private final Path folder;
  private final Disk disk;
  private final AtomicInteger writes = new AtomicInteger();
  private final CountDownLatch reached = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile boolean overdue;

  private HeldCopy(Path folder, Disk disk) {
    this.folder = folder;
    this.disk = disk;
  }

  /**
   * @param folder an empty one, which everybody else sees
   * @param forced is made; the disk keeps there what is durable
   */
  static HeldCopy in(Path folder, Path forced) {
    try {
      HeldCopy copy = new HeldCopy(folder, Disk.of(folder, forced));
      copy.disk.fault(copy);
      return copy;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "no disk could be made to restore to", "see the cause", e);
    }
  }

  Recovery.Place place() {
    return new Recovery.Place(disk.root().resolve("data"), folder.resolve("data"));
  }

  @Override
  public Reaction before(DiskCall call, String path) {
    if (call == DiskCall.WRITE
        && path.startsWith(TABLES)
        && writes.incrementAndGet() > WRITES_BEFORE) {
      reached.countDown();
      if (!await(released, LONGEST)) {
        overdue = true;
      }
    }
    return Reaction.PROCEED;
  }

  /** Whether it has stopped and has not gone on. */
  boolean holds() {
    return reached.getCount() == 0 && released.getCount() > 0 && !overdue;
  }

  /**
   * Runs a restore to this place, and something else while it is held, or after it when it came to its end without having been held.
   *
   * @param meanwhile run by this thread, while another restores
   */
  <T> T during(Supplier<T> restore, Runnable meanwhile) {
    try (TaskGroup aside = TaskGroup.of("drill-restore", 1, 0)) {
      Future<T> running = aside.submit(restore::get);
      try {
        Poll.until(INTERVAL, PATIENCE, () -> holds() || running.isDone());
        meanwhile.run();
      } finally {
        close();
      }
      return TaskGroup.get(running);
    }
  }

  /** Lets it go on. */
  @Override
  public void close() {
    released.countDown();
  }

  private static boolean await(CountDownLatch latch, Duration atMost) {
    try {
      return latch.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the drill was interrupted", "run the goal again", e);
    }
  }
}
