package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final AtomicLong nanos = new AtomicLong();
  private final List<Event> events = new ArrayList<>();

  @Test
  void tellsBytesRateAndTimeLeft() {
    try (Progress progress = Progress.of(events::add, "copy", 1000, nanos::get)) {
      nanos.set(1_000_000_000L);
      progress.advance(200);
    }
    assertThat(events.get(0))
        .isEqualTo(new Event.Progress("copy", 200, 1000, 200, Optional.of(Duration.ofSeconds(4))));
  }

  @Test
  void keepsQuietBetweenTwoIntervals() {
    Progress progress = Progress.of(events::add, "copy", -1, nanos::get);
    for (int i = 0; i < 1000; i++) {
      nanos.addAndGet(1_000_000);
      progress.advance(1);
    }
    assertThat(events).hasSize(2);
    progress.close();
    assertThat(events).hasSize(3);
    assertThat(events.get(2))
        .isEqualTo(new Event.Progress("copy", 1000, -1, 1000, Optional.empty()));
  }
}
