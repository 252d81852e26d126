package io.github.barman4j.drill;

import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * How long the server's archiver takes from the end of a segment until its command has succeeded, by looking often. Not thread-safe.
 *
 * <p>A segment that is not archived yet counts as long as it waits.
 */
final class ArchiverDelay {
  /** The server's segment, and the last one that it has archived. */
  interface Source {
    String names();
  }

  private final Source source;
  private final WalSegmentSize size;
  private final LongSupplier clock;
  private final NavigableMap<WalSegment, Long> waiting = new TreeMap<>();
  private WalSegment current;
  private WalSegment archived;
  private int count;
  private long longestNanos;

  private ArchiverDelay(Source source, WalSegmentSize size, LongSupplier clock) {
    this.source = source;
    this.size = size;
    this.clock = clock;
    current = WalSegment.parse(source.names().split(" ")[0], size);
    archived = current.previous();
  }

  static ArchiverDelay of(Primary primary, WalSegmentSize size) {
    return of(
        () -> primary.text("SELECT pg_walfile_name(pg_current_wal_insert_lsn()) || ' '"
            + " || coalesce(last_archived_wal, '') FROM pg_stat_archiver"),
        size,
        System::nanoTime);
  }

  static ArchiverDelay of(Source source, WalSegmentSize size, LongSupplier clock) {
    return new ArchiverDelay(source, size, clock);
  }

  /** A history or a backup label may be what was archived last: its name begins with a segment's. */
  private WalSegment last(String[] names, WalSegment otherwise) {
    String name = names.length < 2 ? "" : names[1].substring(0, Math.min(24, names[1].length()));
    return WalSegment.isName(name) ? WalSegment.parse(name, size) : otherwise;
  }

  void look() {
    String[] names = source.names().split(" ");
    long now = clock.getAsLong();
    WalSegment next = WalSegment.parse(names[0], size);
    for (; current.number() < next.number(); current = current.next()) {
      waiting.put(current, now);
    }
    archived = last(names, archived);
    NavigableMap<WalSegment, Long> done = waiting.headMap(archived, true);
    for (long since : done.values()) {
      longestNanos = Math.max(longestNanos, now - since);
      count++;
    }
    done.clear();
    for (long since : waiting.values()) {
      longestNanos = Math.max(longestNanos, now - since);
    }
  }

  /** The segment that the server wrote to when it was looked at last. */
  WalSegment current() {
    return current;
  }

  /** How many segments were seen from their end to the archive. */
  int count() {
    return count;
  }

  Duration longest() {
    return Duration.ofNanos(longestNanos);
  }
}
