package io.github.barman4j.workload;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Several writers at work, each as fast as the server lets it.
 *
 * <p>{@link #stop} waits for running transactions; {@link #close()} aborts them. Whoever made the ledger closes it afterwards.
 */
public final class Workload implements AutoCloseable {
  private static final Duration ABORT_TIMEOUT = Duration.ofSeconds(30);

  private final List<Writer> writers;
  private final List<Future<?>> running = new ArrayList<>();
  private final ExecutorService threads;

  private Workload(List<Writer> writers, ExecutorService threads) {
    this.writers = writers;
    this.threads = threads;
  }

  /**
   * @param writerCount at least 1
   * @param seed of the payloads
   */
  public static Workload start(ConnectionSource source, Ledger ledger, int writerCount, long seed) {
    return start(source, ledger, 1, writerCount, seed);
  }

  /**
   * The same with other writers.
   *
   * @param firstWriter the number of the first one: no writer of the same ledger may have had it
   */
  public static Workload start(
      ConnectionSource source, Ledger ledger, int firstWriter, int writerCount, long seed) {
    AtomicInteger number = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(writerCount, task -> {
      Thread thread = new Thread(task, "writer-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    });
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < writerCount; i++) {
      writers.add(new Writer(firstWriter + i, source, ledger, seed));
    }
    Workload workload = new Workload(List.copyOf(writers), threads);
    writers.forEach(writer -> workload.running.add(threads.submit(writer)));
    return workload;
  }

  /** Throws what a writer has died of, for instance a ledger that could not be written. */
  public void requireAlive() {
    for (Future<?> writer : running) {
      if (writer.isDone()) {
        await(writer, Duration.ZERO);
      }
    }
  }

  /**
   * Ends the writers after their running transactions; those that have not ended after {@code grace} are aborted, and the outcome of
   * their transactions is unknown.
   */
  public void stop(Duration grace) {
    writers.forEach(Writer::stop);
    long deadline = System.nanoTime() + grace.toNanos();
    for (Future<?> writer : running) {
      if (!await(writer, Duration.ofNanos(Math.max(0, deadline - System.nanoTime())))) {
        writers.forEach(Writer::abort);
      }
    }
    for (Future<?> writer : running) {
      if (!await(writer, ABORT_TIMEOUT)) {
        throw new BarmanException(
            ErrorCode.DRILL_FAILED,
            "a writer did not end within " + ABORT_TIMEOUT.toSeconds() + " s",
            "look at the load of this machine");
      }
    }
    threads.shutdown();
  }

  private static boolean await(Future<?> writer, Duration atMost) {
    try {
      writer.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BarmanException failure) {
        throw failure;
      }
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "a writer failed: " + e.getCause(), "see the cause", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the drill was interrupted", "run the goal again", e);
    }
  }

  /** Ends the writers at once. */
  @Override
  public void close() {
    writers.forEach(Writer::stop);
    writers.forEach(Writer::abort);
    threads.shutdownNow();
    boolean interrupted = Thread.interrupted();
    try {
      threads.awaitTermination(ABORT_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
