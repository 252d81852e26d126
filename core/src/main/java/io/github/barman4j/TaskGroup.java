package io.github.barman4j;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of named threads with a bounded queue, for work that stands or falls together.
 *
 * <p>{@link #submit} blocks while the queue is full: that is the back-pressure. The first task that fails stops the group: later
 * calls of {@link #submit} and {@link #join} throw its exception. {@link #close()} aborts what has not begun, interrupts what
 * has, and waits for it. Thread-safe.
 */
public final class TaskGroup implements AutoCloseable {
  private final ThreadPoolExecutor executor;
  private final Semaphore places;
  private final int capacity;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private TaskGroup(ThreadPoolExecutor executor, Semaphore places, int capacity) {
    this.executor = executor;
    this.places = places;
    this.capacity = capacity;
  }

  /**
   * @param threads how many tasks run at once, at least 1
   * @param queue how many more may wait, at least 0
   */
  public static TaskGroup of(String name, int threads, int queue) {
    Semaphore places = new Semaphore(threads + queue);
    return new TaskGroup(new Threads(name, threads, queue, places), places, threads + queue);
  }

  /** @throws BarmanException with code INTERRUPTED when the caller is interrupted while it waits for a place */
  public <T> Future<T> submit(Callable<T> task) {
    rethrowFailure();
    acquire(1);
    boolean accepted = false;
    try {
      Future<T> future = executor.submit(() -> run(task));
      accepted = true;
      return future;
    } finally {
      if (!accepted) {
        places.release();
      }
    }
  }

  /** Waits until all that was submitted is done; throws the first failure. More may be submitted afterwards. */
  public void join() {
    acquire(capacity);
    places.release(capacity);
    rethrowFailure();
  }

  /** The result of a future of this group; the exception of its task as it was thrown. */
  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw asUnchecked(e.getCause() == null ? e : e.getCause());
    }
  }

  @Override
  public void close() {
    for (Runnable waiting : executor.shutdownNow()) {
      if (waiting instanceof Future<?> future) {
        future.cancel(false);
      }
      places.release();
    }
    boolean interrupted = false;
    while (true) {
      try {
        if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T run(Callable<T> task) throws Exception {
    try {
      rethrowFailure();
      return task.call();
    } catch (Throwable e) {
      failure.compareAndSet(null, e);
      throw e;
    }
  }

  private void acquire(int permits) {
    try {
      places.acquire(permits);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private void rethrowFailure() {
    Throwable first = failure.get();
    if (first != null) {
      throw asUnchecked(first);
    }
  }

  private static BarmanException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return InterruptedWork.in("the work", e);
  }

  private static RuntimeException asUnchecked(Throwable failure) {
    if (failure instanceof RuntimeException unchecked) {
      return unchecked;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    return new BarmanException(
        ErrorCode.IO,
        failure.toString(),
        "see the cause; the machine's disk or network failed",
        failure);
  }

  /** Gives a place back when a task's future is done, so that {@link #join} never comes before it. */
  private static final class Threads extends ThreadPoolExecutor {
    private final Semaphore places;

    Threads(String name, int threads, int queue, Semaphore places) {
      super(
          threads,
          threads,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(threads + queue),
          named(name));
      this.places = places;
    }

    @Override
    protected void afterExecute(Runnable task, @Nullable Throwable thrown) {
      super.afterExecute(task, thrown);
      places.release();
    }

    private static ThreadFactory named(String name) {
      AtomicInteger number = new AtomicInteger();
      return task -> {
        Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      };
    }
  }
}
