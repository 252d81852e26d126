package io.github.barman4j.drill;

import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What of the engine's events a reader of the drill wants to see: warnings, until the server is broken on purpose. From then on the
 * receiver rightly complains. Thread-safe.
 */
final class EngineEvents implements EventSink {
  private final EventSink sink;
  private final List<Event.Warning> warnings = new CopyOnWriteArrayList<>();
  private volatile boolean serverBroken;

  EngineEvents(EventSink sink) {
    this.sink = sink;
  }

  void serverBroken() {
    serverBroken = true;
  }

  /** The first warning whose text holds all these words. */
  Optional<Event.Warning> warning(List<String> words) {
    return warnings.stream()
        .filter(warning -> words.stream().allMatch(warning.text()::contains))
        .findFirst();
  }

  /** What was warned of so far is no news any more. */
  void forgetWarnings() {
    warnings.clear();
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.Warning warning) {
      warnings.add(warning);
    }
    if (event instanceof Event.Warning && !serverBroken) {
      sink.accept(event);
    }
  }
}
