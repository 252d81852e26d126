package io.github.barman4j.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Makes lines of text that comes in pieces, which may end anywhere, within a character too. Used by one thread. */
final class LineSplitter {
  private final Consumer<String> lines;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  LineSplitter(Consumer<String> lines) {
    this.lines = lines;
  }

  void add(byte[] piece) {
    for (byte next : piece) {
      if (next == '\n') {
        tell();
      } else {
        begun.write(next);
      }
    }
  }

  /** What has no end of line is a line as well. */
  void finish() {
    if (begun.size() > 0) {
      tell();
    }
  }

  private void tell() {
    String line = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    lines.accept(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
  }
}
