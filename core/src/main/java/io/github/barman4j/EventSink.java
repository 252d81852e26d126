package io.github.barman4j;

/** Where events go. Implementations are called from several threads and must return quickly. */
@FunctionalInterface
public interface EventSink {
  EventSink NONE = event -> {};

  void accept(Event event);

  default void info(String text) {
    accept(new Event.Info(text));
  }

  default void warn(String text, String hint) {
    accept(new Event.Warning(text, hint));
  }
}
