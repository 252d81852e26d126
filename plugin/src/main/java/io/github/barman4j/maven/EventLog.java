package io.github.barman4j.maven;

import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.maven.plugin.logging.Log;

/**
 * Turns the engine's events into lines of Maven's log. Thread-safe.
 *
 * <p>Progress is a line every few seconds for each phase, never an animation: build servers keep every character. A phase that
 * is over sooner has no progress line.
 */
final class EventLog implements EventSink {
  static final Duration INTERVAL = Duration.ofSeconds(5);

  private final Log log;
  private final LongSupplier nanoClock;
  private final Map<String, Long> lastLine = new HashMap<>();

  EventLog(Log log) {
    this(log, System::nanoTime);
  }

  EventLog(Log log, LongSupplier nanoClock) {
    this.log = log;
    this.nanoClock = nanoClock;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.Info info) {
      log.info(info.text());
    } else if (event instanceof Event.Warning warning) {
      log.warn(warning.text());
      log.warn("HINT: " + warning.hint());
    } else if (event instanceof Event.Step step) {
      log.info(step.phase() + ": " + Quantity.duration(step.took()));
    } else if (event instanceof Event.Progress progress && isDue(progress.phase())) {
      log.info(line(progress));
    }
  }

  private synchronized boolean isDue(String phase) {
    long now = nanoClock.getAsLong();
    Long last = lastLine.putIfAbsent(phase, now);
    if (last == null || now - last < INTERVAL.toNanos()) {
      return false;
    }
    lastLine.put(phase, now);
    return true;
  }

  private static String line(Event.Progress progress) {
    StringBuilder line = new StringBuilder(progress.phase());
    line.append(": ").append(Quantity.bytes(progress.doneBytes()));
    if (progress.totalBytes() > 0) {
      line.append(" of ").append(Quantity.bytes(progress.totalBytes()));
      // A server's estimate of the total may be too small.
      line.append(" (")
          .append(Math.min(100, progress.doneBytes() * 100 / progress.totalBytes()))
          .append(" %)");
    }
    line.append(", ").append(Quantity.bytes(progress.bytesPerSecond())).append("/s");
    progress
        .left()
        .ifPresent(left -> line.append(", ").append(Quantity.duration(left)).append(" left"));
    return line.toString();
  }
}
