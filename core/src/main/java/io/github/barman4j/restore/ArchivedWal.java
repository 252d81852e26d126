package io.github.barman4j.restore;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.SegmentLog;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalIndex;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The WAL that the archive and a receiver's spool have at one moment. Not thread-safe. */
final class ArchivedWal implements WalFacts {
  private static final int REMEMBERED = 256;

  private final List<TimelineHistory> histories;
  private final WalCoverage whole;
  private final List<PartialSegment> spooled;
  private final SegmentLog log;
  private final Map<WalSegment, String> damaged;

  private final Map<WalSegment, WalIndex> indexes =
      new LinkedHashMap<>(2 * REMEMBERED, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<WalSegment, WalIndex> eldest) {
          return size() > REMEMBERED;
        }
      };

  private ArchivedWal(
      List<TimelineHistory> histories,
      WalCoverage whole,
      List<PartialSegment> spooled,
      SegmentLog log,
      Map<WalSegment, String> damaged) {
    this.histories = histories;
    this.whole = whole;
    this.spooled = spooled;
    this.log = log;
    this.damaged = damaged;
  }

  /** @param backups tell the size of segments; without one there is nothing to plan */
  static ArchivedWal read(WalArchive archive, Path spool, List<Backup> backups) {
    List<WalSegment> segments = new ArrayList<>();
    List<PartialSegment> spooled = new ArrayList<>();
    if (!backups.isEmpty()) {
      // The spool first: what is archived in between is seen twice rather than not at all.
      List<PartialSegment> found =
          PartialSegment.in(spool, backups.get(backups.size() - 1).segmentSize());
      segments.addAll(archive.segments());
      WalCoverage archived = WalCoverage.of(segments);
      for (PartialSegment partial : found) {
        if (!archived.contains(partial.segment())) {
          spooled.add(partial);
          if (partial.whole()) {
            segments.add(partial.segment());
          }
        }
      }
    }
    return new ArchivedWal(
        archive.histories(),
        WalCoverage.of(segments),
        List.copyOf(spooled),
        new SegmentLog(archive, spooled),
        Map.of());
  }

  /** The same without a segment that turned out to be damaged. */
  ArchivedWal without(UnreadableSegmentException damage) {
    Map<WalSegment, String> all = new HashMap<>(damaged);
    all.put(damage.segment(), String.valueOf(damage.getMessage()));
    return new ArchivedWal(
        histories,
        whole.without(damage.segment()),
        spooled.stream()
            .filter(partial -> !partial.segment().equals(damage.segment()))
            .toList(),
        log,
        Map.copyOf(all));
  }

  /** Those that turned out to be damaged, with what is wrong. */
  Map<WalSegment, String> damaged() {
    return damaged;
  }

  @Override
  public Optional<String> damage(WalSegment segment) {
    return Optional.ofNullable(damaged.get(segment));
  }

  @Override
  public List<TimelineHistory> histories() {
    return histories;
  }

  @Override
  public WalCoverage whole() {
    return whole;
  }

  @Override
  public List<PartialSegment> spooled() {
    return spooled;
  }

  @Override
  public WalIndex index(WalSegment segment) {
    WalIndex known = indexes.get(segment);
    if (known == null) {
      known = reading(segment, () -> log.index(segment));
      indexes.put(segment, known);
    }
    return known;
  }

  @Override
  public Optional<WalRecord.TransactionEnd> transactionEnd(WalSegment segment, long xid) {
    return reading(segment, () -> log.transactionEnd(segment, xid));
  }

  @Override
  public Optional<WalRecord.TransactionEnd> transactionEnd(
      WalSegment segment, Predicate<WalRecord.TransactionEnd> kind) {
    return reading(segment, () -> log.transactionEnd(segment, kind));
  }

  private static <T> T reading(WalSegment segment, Supplier<T> question) {
    try {
      return question.get();
    } catch (IntegrityException e) {
      throw new UnreadableSegmentException(segment, e);
    }
  }
}
