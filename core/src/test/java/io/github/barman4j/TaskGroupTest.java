package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TaskGroupTest {
  @Test
  void givesEveryTasksResult() {
    try (TaskGroup group = TaskGroup.of("square", 3, 2)) {
      List<Future<Integer>> squares = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        int number = i;
        squares.add(group.submit(() -> number * number));
      }
      group.join();
      assertThat(squares).hasSize(100).allMatch(Future::isDone);
      assertThat(TaskGroup.get(squares.get(99))).isEqualTo(9801);
    }
  }

  @Test
  void blocksTheSubmitterWhileTheQueueIsFull() throws InterruptedException {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger submitted = new AtomicInteger();
    try (TaskGroup group = TaskGroup.of("slow", 1, 1)) {
      Thread submitter = new Thread(() -> {
        for (int i = 0; i < 3; i++) {
          group.submit(() -> release.await(10, TimeUnit.SECONDS));
          submitted.incrementAndGet();
        }
      });
      submitter.start();
      submitter.join(300);
      assertThat(submitted).hasValue(2);
      release.countDown();
      submitter.join();
      assertThat(submitted).hasValue(3);
    }
  }

  @Test
  void throwsTheFirstFailureFromJoinAndRunsNothingMore() {
    AtomicInteger ran = new AtomicInteger();
    try (TaskGroup group = TaskGroup.of("failing", 1, 4)) {
      group.submit(() -> {
        throw new IOException("no space left");
      });
      assertThatThrownBy(group::join)
          .isInstanceOf(BarmanException.class)
          .hasRootCauseMessage("no space left");
      assertThatThrownBy(() -> group.submit(ran::incrementAndGet))
          .isInstanceOf(BarmanException.class);
    }
    assertThat(ran).hasValue(0);
  }

  @Test
  void closeInterruptsWhatRunsAndDropsWhatWaits() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AtomicInteger ran = new AtomicInteger();
    TaskGroup group = TaskGroup.of("endless", 1, 4);
    group.submit(() -> {
      begun.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        interrupted.countDown();
      }
      return null;
    });
    group.submit(ran::incrementAndGet);
    assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
    group.close();
    assertThat(interrupted.getCount()).isZero();
    assertThat(ran).hasValue(0);
  }
}
