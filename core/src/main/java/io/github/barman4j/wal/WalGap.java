package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Instant;

/**
 * A part of the log that was not received, and that the server no longer had or no longer kept when it was to be received.
 *
 * @param timeline the one that the server was on: the gap lies on the path that ends with it, and may begin on an ancestor
 * @param from start of the first segment that is not there as a whole; a receiver's spool may hold the beginning of it
 * @param to from where on there is log again, or where the server was when the gap was noticed
 * @param noticedAt by this machine's clock
 * @param reason in words, why it was not received
 */
public record WalGap(
    Timeline timeline,
    Lsn from,
    Lsn to,
    WalSegmentSize segmentSize,
    Instant noticedAt,
    String reason) {

  /** The first segment that is not there as a whole, by the name that it has on {@link #timeline}. */
  public WalSegment firstSegment() {
    return WalSegment.containing(timeline, from, segmentSize);
  }

  /** The same gap, known to begin later. */
  WalGap from(Lsn later) {
    return new WalGap(timeline, Lsn.max(from, later), to, segmentSize, noticedAt, reason);
  }

  /** For people: where it is. */
  public String describe() {
    return "from " + from + " to " + to + " on timeline " + timeline;
  }
}
