package io.github.barman4j.junit;

import io.github.barman4j.Event;
import io.github.barman4j.EventSink;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Collects what a drill tells and publishes it as one entry of JUnit's report when it is over. Thread-safe. */
final class Narration implements EventSink, AutoCloseable {
  private final ExtensionContext context;
  private final List<String> lines = new CopyOnWriteArrayList<>();

  Narration(ExtensionContext context) {
    this.context = context;
  }

  @Override
  public void accept(Event event) {
    if (event instanceof Event.Info info) {
      lines.add(info.text());
    } else if (event instanceof Event.Warning warning) {
      lines.add("warning: " + warning.text());
      lines.add("HINT: " + warning.hint());
    }
  }

  @Override
  public void close() {
    context.publishReportEntry("drill", String.join("\n", lines));
  }
}
