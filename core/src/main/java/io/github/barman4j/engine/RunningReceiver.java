package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.receive.ReceiverStatus;
import io.github.barman4j.receive.StopSignal;
import io.github.barman4j.receive.WalReceiver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A receiver on a thread of its own. Thread-safe.
 *
 * <p>{@link #close()} stops it in order: what was received is durable and acknowledged, the slot stays.
 */
public final class RunningReceiver implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

  private final WalReceiver receiver;
  private final String applicationName;
  private final StopSignal stop = new StopSignal();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread thread;
  private final AtomicBoolean told = new AtomicBoolean();
  private volatile @Nullable Throwable failure;

  RunningReceiver(WalReceiver receiver, ReceiveSettings settings) {
    this.receiver = receiver;
    this.applicationName = settings.applicationName();
    this.thread = new Thread(this::run, "receive-wal-" + settings.slot());
  }

  RunningReceiver start() {
    thread.setDaemon(true);
    thread.start();
    return this;
  }

  /** The name that the server sees, and that {@code synchronous_standby_names} may list. */
  public String applicationName() {
    return applicationName;
  }

  /** The end of the WAL that is durable here and acknowledged; {@link Lsn#INVALID} before the first time. */
  public Lsn flushed() {
    return receiver.status().flushed();
  }

  /** Bytes that the server had, when it was heard last, and the disk here had not. */
  public long lagBytes() {
    return receiver.status().lagBytes();
  }

  /** Whether it is connected and streams: false while it waits to connect again. */
  public boolean isStreaming() {
    return receiver.status().streaming();
  }

  /** One line for people. */
  public String describe() {
    ReceiverStatus status = receiver.status();
    return (status.streaming() ? "streaming" : "not connected")
        + status.timeline().map(timeline -> ", timeline " + timeline.id()).orElse("")
        + ", durable up to " + status.flushed() + ", " + status.lagBytes() + " bytes behind";
  }

  public boolean isRunning() {
    return ended.getCount() > 0;
  }

  /**
   * Waits until the receiver has ended by itself or the time is over.
   *
   * @return whether it has ended
   * @throws RuntimeException what ended it, when it failed and that was not thrown yet
   */
  public boolean awaitEnd(Duration limit) {
    boolean over;
    try {
      over = ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED,
          "waiting for the receiver was interrupted",
          "start the receiver again",
          e);
    }
    tellFailureOnce();
    return over;
  }

  /** @throws RuntimeException when the receiver has failed, or does not stop within a minute */
  @Override
  public void close() {
    stop.raise();
    boolean interrupted = Thread.interrupted();
    try {
      if (!awaitEnd(STOP_LIMIT)) {
        thread.interrupt();
        throw new BarmanException(
            ErrorCode.RECEIVER_FAILED,
            "the receiver did not stop within " + STOP_LIMIT.toSeconds() + " s",
            "look at the repository's disk; what it acknowledged is durable");
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked")
  private void run() {
    try {
      receiver.run(stop);
    } catch (RuntimeException | Error e) {
      failure = e;
    } finally {
      ended.countDown();
    }
  }

  /** Once, so that {@link #close} does not throw again what {@link #awaitEnd} has thrown inside the same block. */
  private void tellFailureOnce() {
    Throwable found = failure;
    if (found == null || !told.compareAndSet(false, true)) {
      return;
    }
    if (found instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (found instanceof Error error) {
      throw error;
    }
  }
}
