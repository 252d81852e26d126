package io.github.barman4j.junit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a drill clean up when the tests' JVM is told to stop (Ctrl-C, SIGTERM): its thread is interrupted, and the JVM waits for the
 * drill's end. Servers are processes of their own and would outlive it.
 */
final class Interruption implements AutoCloseable {
  /** A test that hangs must not make the JVM immortal. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread test) {
    this.hook = new Thread(() -> stop(test), "barman-drill-shutdown");
  }

  /** @param test the thread that runs the drill, and that will close this */
  static Interruption guarding(Thread test) {
    Interruption interruption = new Interruption(test);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** What the hook does. */
  void stop(Thread test) {
    test.interrupt();
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
