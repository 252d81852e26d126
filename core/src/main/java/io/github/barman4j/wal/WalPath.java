package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segments that recovery reads one after the other, without a gap.
 *
 * @param segments in that order; the timelines never decrease
 * @param end after the last byte that is there and belongs to the path; where it began when there is no segment
 * @param absent the segment that ends the path although later ones exist: a gap; absent when the path simply ends
 */
public record WalPath(
    List<WalSegment> segments, Lsn end, @Nullable WalSegment absent) {
  public WalPath {
    segments = List.copyOf(segments);
  }

  /** The first segment of a gap, see the component {@code absent}. */
  public Optional<WalSegment> gap() {
    return Optional.ofNullable(absent);
  }
}
