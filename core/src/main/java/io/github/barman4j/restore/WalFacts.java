package io.github.barman4j.restore;

import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalIndex;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What a plan asks about the WAL that there is. The answers do not change while it is made. */
interface WalFacts {
  /** All histories that the archive has; the first timeline has none. */
  List<TimelineHistory> histories();

  /** The segments that are there as a whole, in the archive or in the receiver's spool. */
  WalCoverage whole();

  /** What the receiver's spool holds and the archive does not. */
  List<PartialSegment> spooled();

  /** What is wrong with a segment that is there and cannot be read; such a segment is none of those that are whole. */
  Optional<String> damage(WalSegment segment);

  /**
   * What recovery can stop at in a segment that is archived or spooled.
   *
   * @throws UnreadableSegmentException when it is damaged
   */
  WalIndex index(WalSegment segment);

  /** The end of a transaction in a segment whose index says that it ends there; by its 32-bit id. */
  Optional<WalRecord.TransactionEnd> transactionEnd(WalSegment segment, long xid);

  /** The first end of a transaction in a segment, by position, that is of a kind. */
  Optional<WalRecord.TransactionEnd> transactionEnd(
      WalSegment segment, Predicate<WalRecord.TransactionEnd> kind);
}
