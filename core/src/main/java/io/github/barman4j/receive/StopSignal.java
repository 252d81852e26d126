package io.github.barman4j.receive;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks a running receiver to stop. Raised once, by any thread; never taken back. */
public final class StopSignal {
  private final CountDownLatch raised = new CountDownLatch(1);

  /** Returns at once; the receiver stops within about a tenth of a second and what it does last. */
  public void raise() {
    raised.countDown();
  }

  public boolean isRaised() {
    return raised.getCount() == 0;
  }

  /**
   * Waits until it is raised, at most the given time.
   *
   * @return whether it is raised; true, too, when the calling thread was interrupted, which keeps its interrupt flag
   */
  public boolean await(Duration atMost) {
    try {
      return raised.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
