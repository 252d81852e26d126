package io.github.barman4j;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work clean up when its JVM is told to stop (Ctrl-C, SIGTERM): the thread of the work is interrupted, and the JVM waits for the
 * work's end, a minute at most.
 *
 * <p>The hook lives only while the work goes on. In Maven the plugin's class loader is closed later, and a hook could load nothing. It
 * waits for the work, not for its thread: that one may be the caller's, and itself wait for the shutdown to end.
 */
public final class Interruption implements AutoCloseable {
  /** Work that hangs must not make a JVM immortal. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread work) {
    this.hook = new Thread(() -> stop(work), "barman-shutdown");
  }

  /** @param work the thread that does the work, and that will close this */
  public static Interruption guarding(Thread work) {
    Interruption interruption = new Interruption(work);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** What the hook does. */
  void stop(Thread work) {
    work.interrupt();
    try {
      ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is shutting down: the hook runs, and has just been let go.
      return;
    }
  }
}
