package io.github.barman4j.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a server has written, its newest lines and the marks of its latest start.
 *
 * <p>Times are {@link System#nanoTime()} when the line arrived, so that they compare with what the client measures; the server's own
 * clock plays no part. Thread-safe.
 */
public final class ServerLog {
  private static final int MAX_LINES = 20_000;

  private final Deque<String> lines = new ArrayDeque<>();
  private final Map<LogMark, Long> marks = new EnumMap<>(LogMark.class);

  ServerLog() {}

  /** When the mark was first seen since the server's latest start; empty before. */
  public synchronized OptionalLong nanosOf(LogMark mark) {
    Long nanos = marks.get(mark);
    return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
  }

  public boolean has(LogMark mark) {
    return nanosOf(mark).isPresent();
  }

  /** The newest lines, at most 20 000, oldest first. */
  public synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /** At most the last {@code count} lines as one text. */
  public String tail(int count) {
    List<String> all = lines();
    return String.join("\n", all.subList(Math.max(0, all.size() - count), all.size()));
  }

  /** The lines that contain a text. */
  public List<String> linesWith(String text) {
    List<String> found = new ArrayList<>();
    for (String line : lines()) {
      if (line.contains(text)) {
        found.add(line);
      }
    }
    return found;
  }

  /** Forgets the marks: a start begins. */
  synchronized void begin() {
    marks.clear();
  }

  synchronized void add(String line, long nanos) {
    if (lines.size() == MAX_LINES) {
      lines.removeFirst();
    }
    lines.addLast(line);
    for (LogMark mark : LogMark.values()) {
      if (mark.isIn(line)) {
        marks.putIfAbsent(mark, nanos);
      }
    }
  }

  /** Reads until the stream ends, in a thread of its own. */
  Thread follow(InputStream output, String name) {
    Thread reader = new Thread(() -> read(output), name);
    reader.setDaemon(true);
    reader.start();
    return reader;
  }

  private void read(InputStream output) {
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        add(line, System.nanoTime());
      }
    } catch (IOException e) {
      add("the server's output ended: " + e.getMessage(), System.nanoTime());
    }
  }
}
