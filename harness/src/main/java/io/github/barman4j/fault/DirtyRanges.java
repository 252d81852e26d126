package io.github.barman4j.fault;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Ranges of a file that were written and not forced, merged. Not thread-safe. */
final class DirtyRanges {
  private final NavigableMap<Long, Long> endByStart = new TreeMap<>();

  /** Called for each range, {@code end} exclusive. */
  @FunctionalInterface
  interface RangeConsumer<E extends Exception> {
    void range(long start, long end) throws E;
  }

  void add(long start, long end) {
    if (start >= end) {
      return;
    }
    long from = start;
    long to = end;
    Map.Entry<Long, Long> before = endByStart.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    Map.Entry<Long, Long> inside = endByStart.ceilingEntry(from);
    while (inside != null && inside.getKey() <= to) {
      to = Math.max(to, inside.getValue());
      endByStart.remove(inside.getKey());
      inside = endByStart.ceilingEntry(from);
    }
    endByStart.put(from, to);
  }

  /** Forgets what lies at or after a position. */
  void cut(long length) {
    endByStart.tailMap(length, true).clear();
    Map.Entry<Long, Long> last = endByStart.lastEntry();
    if (last != null && last.getValue() > length) {
      endByStart.put(last.getKey(), length);
    }
  }

  void clear() {
    endByStart.clear();
  }

  /** How many bytes all ranges have. */
  long bytes() {
    long bytes = 0;
    for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
      bytes += range.getValue() - range.getKey();
    }
    return bytes;
  }

  boolean isEmpty() {
    return endByStart.isEmpty();
  }

  <E extends Exception> void forEach(RangeConsumer<E> consumer) throws E {
    for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
      consumer.range(range.getKey(), range.getValue());
    }
  }
}
