package io.github.barman4j.wal;

import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes the indexes of segments, best in the log's order: the record that runs into the next segment is kept at hand, so that the
 * segment before need not be read again. Not thread-safe.
 */
final class SegmentIndexer {
  private final SegmentReader.Neighbours neighbours;
  private @Nullable WalSegment indexed;
  private @Nullable WalReader records;

  SegmentIndexer(SegmentReader.Neighbours neighbours) {
    this.neighbours = neighbours;
  }

  /**
   * @param content the segment from its first byte on; the caller closes it
   * @param runsInto whether the first page carries on a record from the segment before
   */
  WalIndex index(WalSegment segment, InputStream content, boolean runsInto) throws IOException {
    SegmentReader reader = continued(segment, content, runsInto);
    if (reader == null) {
      reader = SegmentReader.open(segment, content, runsInto, neighbours);
    }
    indexed = null;
    WalIndex index = new SegmentScan(segment).read(reader.records(), reader.headless());
    if (index.whole()) {
      indexed = segment;
      records = reader.records();
    }
    return index;
  }

  private @Nullable SegmentReader continued(
      WalSegment segment, InputStream content, boolean runsInto) {
    WalReader reader = records;
    WalSegment last = indexed;
    if (!runsInto
        || reader == null
        || last == null
        || reader.stop().unfinished().isEmpty()) {
      return null;
    }
    Optional<SegmentReader.Before> before = neighbours.before(segment);
    if (before.isEmpty() || !before.get().segment().equals(last)) {
      return null;
    }
    reader.continueWith(content, segment.timeline());
    return new SegmentReader(reader, false);
  }
}
