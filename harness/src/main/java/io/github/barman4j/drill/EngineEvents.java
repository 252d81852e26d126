package io.github.barman4j.drill;

import io.github.barman4j.Event;
import io.github.barman4j.EventSink;

/**
 * What of the engine's events a reader of the drill wants to see: warnings, until the server is broken on purpose. From then on the
 * receiver rightly complains. Thread-safe.
 */
final class EngineEvents implements EventSink {
  private final EventSink sink;
  private volatile boolean serverBroken;

  EngineEvents(EventSink sink) {
    this.sink = sink;
  }

  void serverBroken() {
    serverBroken = true;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.Warning && !serverBroken) {
      sink.accept(event);
    }
  }
}
