package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EventLogTest {
  private static final long MIB = 1L << 20;

  private final RecordingLog log = new RecordingLog();
  private final AtomicLong clock = new AtomicLong();
  private final EventLog events = new EventLog(log, clock::get);

  @Test
  void showsProgressOnceInAnInterval() {
    for (int second = 0; second <= 12; second++) {
      clock.set(Duration.ofSeconds(second).toNanos());
      events.accept(new Event.Progress(
          "copy", second * MIB, 100 * MIB, MIB, Optional.of(Duration.ofSeconds(100 - second))));
    }
    assertThat(log.lines)
        .containsExactly(
            "INFO copy: 5.0 MB of 100.0 MB (5 %), 1.0 MB/s, 1 min 35 s left",
            "INFO copy: 10.0 MB of 100.0 MB (10 %), 1.0 MB/s, 1 min 30 s left");
  }

  @Test
  void saysNothingOfAnUnknownTotal() {
    events.accept(new Event.Progress("receive", 0, -1, 0, Optional.empty()));
    clock.set(EventLog.INTERVAL.toNanos());
    events.accept(new Event.Progress("receive", 512, -1, 100, Optional.empty()));
    assertThat(log.lines).containsExactly("INFO receive: 512 bytes, 100 bytes/s");
  }

  @Test
  void neverShowsMoreThanAllOfIt() {
    events.accept(new Event.Progress("copy", 0, 10, 0, Optional.empty()));
    clock.set(EventLog.INTERVAL.toNanos());
    events.accept(new Event.Progress("copy", 20, 10, 1, Optional.empty()));
    assertThat(log.lines).containsExactly("INFO copy: 20 bytes of 10 bytes (100 %), 1 bytes/s");
  }

  @Test
  void showsFactsWarningsAndStepsAtOnce() {
    events.info("found it");
    events.warn("the disk is slow", "look at it");
    events.accept(new Event.Step("copy", Duration.ofMillis(850)));
    assertThat(log.lines)
        .containsExactly(
            "INFO found it", "WARN the disk is slow", "WARN HINT: look at it", "INFO copy: 0.85 s");
  }

  @Test
  void writesQuantitiesForReaders() {
    assertThat(Quantity.bytes(1023)).isEqualTo("1023 bytes");
    assertThat(Quantity.bytes(16 * MIB)).isEqualTo("16.0 MB");
    assertThat(Quantity.bytes(1024 * MIB - 1)).isEqualTo("1.0 GB");
    assertThat(Quantity.bytes(Long.MAX_VALUE)).isEqualTo("8192.0 PB");
    assertThat(Quantity.duration(Duration.ofMillis(12_340))).isEqualTo("12.3 s");
    assertThat(Quantity.duration(Duration.ofSeconds(7_800))).isEqualTo("2 h 10 min");
  }
}
