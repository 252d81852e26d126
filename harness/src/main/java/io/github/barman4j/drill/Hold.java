package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;

/** Time that must pass because the scenario says so; waits for a condition poll it instead. */
final class Hold {
  private Hold() {}

  /** @throws BarmanException with code INTERRUPTED when the thread is interrupted; its flag stays set */
  static void on(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED, "the drill was interrupted", "run the goal again", e);
    }
  }
}
