package io.github.barman4j.report;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * HTML as it grows. Every text and every value of an attribute is escaped; there is no way around it but {@link #raw}, which takes what
 * this program is made of. Not thread-safe.
 */
final class Markup {
  private final StringBuilder html = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** @param attributes name, value, name, value … */
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    open.push(tag);
    return this;
  }

  Markup close() {
    html.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element that holds a text alone. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** An element without an end tag. */
  Markup single(String tag, String... attributes) {
    start(tag, attributes);
    return this;
  }

  Markup text(String text) {
    html.append(escaped(text));
    return this;
  }

  /** What is HTML, CSS or JavaScript already. */
  Markup raw(String content) {
    html.append(content);
    return this;
  }

  /** Begins a new line in the source. */
  Markup line() {
    html.append('\n');
    return this;
  }

  private void start(String tag, String... attributes) {
    html.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      html.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(escaped(attributes[i + 1]))
          .append('"');
    }
    html.append('>');
  }

  /** Control characters, which HTML does not allow, become a sign that something was there. */
  private static String escaped(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\\t\\n]]", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException(open + " are open");
    }
    return html.toString();
  }
}
