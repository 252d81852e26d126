package io.github.barman4j.maven;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a goal clean up when Maven is told to stop (Ctrl-C, SIGTERM): the goal's thread is interrupted, and the JVM waits for
 * the goal's end.
 *
 * <p>The hook lives only while the goal runs. Later the plugin's class loader is closed, and a hook could load nothing. It
 * waits for the goal, not for its thread: that one is Maven's, and itself waits for the shutdown to end.
 */
final class Interruption implements AutoCloseable {
  /** A goal that hangs must not make Maven immortal. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Thread goal) {
    this.hook = new Thread(() -> stop(goal), "barman-shutdown");
  }

  /** @param goal the thread that runs the goal, and that will close this */
  static Interruption guarding(Thread goal) {
    Interruption interruption = new Interruption(goal);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** What the hook does. */
  void stop(Thread goal) {
    goal.interrupt();
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
