package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalRecord.TransactionEnd;
import io.github.barman4j.postgres.WalSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log segment by segment, wherever each lies: in the archive, or in a receiver's spool, where it is read on the spot. For whom
 * {@link WalSearch} looks at too much at once. Not thread-safe.
 */
public final class SegmentLog {
  private final WalArchive archive;
  private final Map<WalSegment, PartialSegment> spool = new HashMap<>();

  /** @param spool what the receiver has; segments that the archive has too are taken from there */
  public SegmentLog(WalArchive archive, Collection<PartialSegment> spool) {
    this.archive = archive;
    spool.forEach(partial -> this.spool.put(partial.segment(), partial));
  }

  /** What a recovery can stop at in a segment that is in the archive or in the spool. */
  public WalIndex index(WalSegment segment) {
    PathLog log = around(segment);
    return log.index(log.last());
  }

  /** The first end of a transaction in a segment, by its lower 32 bits. */
  public Optional<TransactionEnd> transactionEnd(WalSegment segment, long xid) {
    PathLog log = around(segment);
    return log.find(
            log.last(),
            record -> record instanceof TransactionEnd end && (int) end.xid() == (int) xid)
        .map(TransactionEnd.class::cast);
  }

  /** The segment, after the one before it if that is there: a record may run from one into the other. */
  private PathLog around(WalSegment segment) {
    List<WalSegment> segments = new ArrayList<>();
    if (segment.number() > 0) {
      WalSegment before =
          WalCoverage.onPath(archive.historyOf(segment.timeline()), segment.previous());
      if (spool.containsKey(before) || archive.contains(before)) {
        segments.add(before);
      }
    }
    segments.add(segment);
    List<PartialSegment> unarchived = segments.stream()
        .filter(each -> spool.containsKey(each) && !archive.contains(each))
        .map(spool::get)
        .toList();
    Lsn begin = segments.get(0).start();
    return new PathLog(archive, new WalPath(segments, segment.end(), null), unarchived, begin);
  }
}
