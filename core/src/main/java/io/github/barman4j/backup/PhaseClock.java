package io.github.barman4j.backup;

import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Cuts the time of a backup into consecutive phases. Not thread-safe. */
final class PhaseClock {
  private final LongSupplier nanoClock;
  private final EventSink events;
  private final List<BackupReport.Phase> phases = new ArrayList<>();
  private final long firstNanos;
  private long lastNanos;

  PhaseClock(LongSupplier nanoClock, EventSink events) {
    this.nanoClock = nanoClock;
    this.events = events;
    this.firstNanos = nanoClock.getAsLong();
    this.lastNanos = firstNanos;
  }

  /** Ends the phase that began when the last one ended. */
  void ended(String phase) {
    long now = nanoClock.getAsLong();
    Duration took = Duration.ofNanos(now - lastNanos);
    lastNanos = now;
    phases.add(new BackupReport.Phase(phase, took));
    events.accept(new Event.Step(phase, took));
  }

  /** From the beginning until now. */
  Duration elapsed() {
    return Duration.ofNanos(nanoClock.getAsLong() - firstNanos);
  }

  List<BackupReport.Phase> phases() {
    return List.copyOf(phases);
  }
}
