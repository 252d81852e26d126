package io.github.barman4j.restore;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.postgres.Xids;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalIndex;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import io.github.barman4j.wal.XidSet;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * WAL that is written down in a test: segments of 16 MiB, and in each the records that a recovery can stop at. Besides those, every
 * whole segment has a record of 256 bytes that ends with it.
 */
final class FakeWal implements WalFacts {
  static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
  private static final int RECORD = 256;

  private record Entry(Timeline timeline, Lsn start, long xid, String name, Instant time) {
    Lsn end() {
      return start.plus(RECORD);
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Set<WalSegment> damaged = new TreeSet<>();
  private final Set<WalSegment> archived = new TreeSet<>();
  private final List<PartialSegment> spooled = new ArrayList<>();
  private final List<TimelineHistory> histories = new ArrayList<>();

  static WalSegment segment(int timeline, long number) {
    return new WalSegment(new Timeline(timeline), number, SIZE);
  }

  FakeWal archive(int timeline, long first, long last) {
    for (long number = first; number <= last; number++) {
      archived.add(segment(timeline, number));
    }
    return this;
  }

  FakeWal remove(int timeline, long number) {
    archived.remove(segment(timeline, number));
    return this;
  }

  FakeWal partial(int timeline, long number) {
    spooled.add(new PartialSegment(
        segment(timeline, number), Path.of("/spool", segment(timeline, number).name()), false));
    return this;
  }

  FakeWal spooledWhole(int timeline, long number) {
    spooled.add(new PartialSegment(
        segment(timeline, number), Path.of("/spool", segment(timeline, number).name()), true));
    return this;
  }

  FakeWal commit(int timeline, String lsn, long xid, String time) {
    entries.add(new Entry(new Timeline(timeline), Lsn.parse(lsn), xid, "", Instant.parse(time)));
    return this;
  }

  FakeWal point(int timeline, String lsn, String name, String time) {
    entries.add(new Entry(new Timeline(timeline), Lsn.parse(lsn), 0, name, Instant.parse(time)));
    return this;
  }

  FakeWal history(int timeline, String text) {
    histories.add(TimelineHistory.parse(new Timeline(timeline), text));
    return this;
  }

  @Override
  public List<TimelineHistory> histories() {
    return histories;
  }

  @Override
  public WalCoverage whole() {
    Set<WalSegment> whole = new TreeSet<>(archived);
    spooled.stream().filter(PartialSegment::whole).map(PartialSegment::segment).forEach(whole::add);
    return WalCoverage.of(whole);
  }

  @Override
  public List<PartialSegment> spooled() {
    return spooled;
  }

  FakeWal damage(int timeline, long number) {
    damaged.add(segment(timeline, number));
    return remove(timeline, number);
  }

  @Override
  public Optional<String> damage(WalSegment segment) {
    return damaged.contains(segment) ? Optional.of("a bit is wrong") : Optional.empty();
  }

  @Override
  public WalIndex index(WalSegment segment) {
    boolean whole = whole().contains(segment);
    List<Entry> here = entries.stream()
        .filter(entry -> entry.timeline().equals(segment.timeline()))
        .filter(entry -> segment.contains(entry.end().plus(-1)))
        .sorted(Comparator.comparing(Entry::start))
        .toList();
    List<Lsn> starts = new ArrayList<>(here.stream().map(Entry::start).toList());
    if (whole) {
      starts.add(segment.end().plus(-RECORD));
    }
    Lsn first = starts.isEmpty() ? Lsn.INVALID : starts.get(0);
    Lsn last = starts.isEmpty() ? Lsn.INVALID : starts.get(starts.size() - 1);
    List<Instant> times = here.stream()
        .filter(entry -> entry.xid() != 0)
        .map(Entry::time)
        .sorted()
        .toList();
    return new WalIndex(
        first,
        last,
        last.isInvalid() ? last : last.plus(RECORD),
        whole,
        false,
        times.isEmpty()
            ? Optional.empty()
            : Optional.of(new TimeRange(times.get(0), times.get(times.size() - 1))),
        XidSet.of(here.stream().mapToLong(Entry::xid).filter(xid -> xid != 0).toArray()),
        XidSet.EMPTY,
        here.stream()
            .filter(entry -> !entry.name().isEmpty())
            .map(entry -> new RestorePoint(entry.name(), entry.start(), entry.end(), entry.time()))
            .toList(),
        List.of());
  }

  @Override
  public Optional<WalRecord.TransactionEnd> transactionEnd(WalSegment segment, long xid) {
    return transactionEnd(segment, end -> end.xid() == xid);
  }

  @Override
  public Optional<WalRecord.TransactionEnd> transactionEnd(
      WalSegment segment, Predicate<WalRecord.TransactionEnd> kind) {
    return entries.stream()
        .filter(entry -> entry.timeline().equals(segment.timeline()))
        .filter(entry -> segment.contains(entry.end().plus(-1)) && entry.xid() != 0)
        .sorted(Comparator.comparing(Entry::start))
        .map(entry -> (WalRecord.TransactionEnd)
            new WalRecord.Commit(entry.start(), entry.end(), entry.xid(), Xids.NONE, entry.time()))
        .filter(kind)
        .findFirst();
  }
}
