package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Waits for a condition by asking again and again. */
public final class Poll {
  private Poll() {}

  /**
   * Asks at once, then every {@code interval}.
   *
   * @return false when the condition did not hold within {@code atMost}
   * @throws BarmanException with code INTERRUPTED when the thread is interrupted; its flag stays set. What the condition throws is
   *     thrown on
   */
  public static boolean until(Duration interval, Duration atMost, Callable<Boolean> condition) {
    try {
      Awaitility.await()
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(interval)
          .atMost(atMost)
          .until(condition);
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Awaitility throws checked exceptions without declaring them.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
        throw new BarmanException(
            ErrorCode.INTERRUPTED, "the wait was interrupted", "run the goal again", e);
      }
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, "the wait failed: " + e.getMessage(), "see the cause", e);
    }
  }
}
