package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InterruptionTest {

  @Test
  void interruptsTheWorkAndWaitsForItsCleanUp() throws InterruptedException {
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch mayCleanUp = new CountDownLatch(1);
    AtomicBoolean cleanedUp = new AtomicBoolean();
    Interruption[] guard = new Interruption[1];
    Thread work = new Thread(() -> {
      try (Interruption interruption = Interruption.guarding(Thread.currentThread())) {
        guard[0] = interruption;
        working.countDown();
        try {
          never.await();
        } catch (InterruptedException e) {
          awaitUninterruptibly(mayCleanUp);
          cleanedUp.set(true);
        }
      }
    });
    work.start();
    working.await();
    Thread hook = new Thread(() -> guard[0].stop(work));
    hook.start();
    hook.join(Duration.ofMillis(200).toMillis());
    assertThat(hook.isAlive()).as("waits for the work").isTrue();
    mayCleanUp.countDown();
    hook.join();
    assertThat(cleanedUp).isTrue();
  }

  @Test
  void leavesNoHookBehind() throws InterruptedException {
    Interruption interruption = Interruption.guarding(Thread.currentThread());
    interruption.close();
    interruption.close();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
