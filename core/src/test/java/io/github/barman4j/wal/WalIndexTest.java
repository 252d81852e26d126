package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.testing.Seeds;
import io.github.barman4j.wal.TestLog.Entry;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class WalIndexTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  @Test
  void namesWhatARecoveryCanStopAt() throws IOException {
    TestLog log = new TestLog(3);
    Entry first = log.commit(700, NOON.plusSeconds(2));
    log.abort(701, NOON);
    log.commitPrepared(650, NOON.plusSeconds(1));
    Entry point = log.restorePoint("before the flood", NOON.plusSeconds(3));
    log.change(100);
    Entry last = log.switchSegment();

    WalIndex index = index(log, log.firstSegment());

    assertThat(index.first()).isEqualTo(first.start());
    assertThat(index.last()).isEqualTo(last.start());
    assertThat(index.end()).isEqualTo(log.firstSegment().end());
    assertThat(index.whole()).isTrue();
    assertThat(index.headless()).isFalse();
    assertThat(index.times()).contains(new TimeRange(NOON, NOON.plusSeconds(2)));
    assertThat(index.committed()).hasToString("{650,700}");
    assertThat(index.aborted()).hasToString("{701}");
    assertThat(index.hasXid(701)).isTrue();
    assertThat(index.hasXid(5)).isFalse();
    assertThat(index.restorePoints())
        .containsExactly(
            new RestorePoint("before the flood", point.start(), point.end(), NOON.plusSeconds(3)));
  }

  @Test
  void isNotWholeWhereTheLogBreaksOff() throws IOException {
    TestLog log = new TestLog(3);
    log.commit(700, NOON);
    Entry last = log.change(20_000);

    WalIndex index = index(log, log.firstSegment());

    assertThat(index.whole()).isFalse();
    assertThat(index.end()).isEqualTo(last.end());
  }

  @Test
  void isNotWholeWhereARecordIsDamaged() throws IOException {
    TestLog log = new TestLog(3);
    log.commit(700, NOON);
    Entry damaged = log.commit(701, NOON);
    log.fill();
    byte[] bytes = log.bytes(log.firstSegment());
    bytes[(int) damaged.start().minus(log.firstSegment().start()) + 26]++;

    WalIndex index = read(log.firstSegment(), bytes);

    assertThat(index.whole()).isFalse();
    assertThat(index.hasXid(700)).isTrue();
    assertThat(index.hasXid(701)).isFalse();
    assertThat(index.end()).isEqualTo(damaged.start());
  }

  @Test
  void namesTheTimelineThatBegins() throws IOException {
    TestLog old = new TestLog(3);
    old.commit(700, NOON);
    TestLog log = old.promoted(new Timeline(2), NOON);
    log.switchSegment();

    WalIndex index = index(log, log.fullSegments().get(0));

    assertThat(index.timelines())
        .containsExactly(
            new WalIndex.TimelineStart(new Timeline(2), Timeline.FIRST, old.position()));
    assertThat(index.hasXid(700)).isTrue();
  }

  /** Whatever lies between: records of up to three segments, switches, segments in which no record ends. */
  @Seeds(150)
  void givesEachRecordToTheSegmentInWhichItEnds(RandomGenerator random) throws IOException {
    TestLog log = randomLog(random, new TestLog(random.nextInt(1, 5000)));
    SegmentIndexer indexer = new SegmentIndexer(before(log));

    for (WalSegment segment : log.fullSegments()) {
      byte[] bytes = log.bytes(segment);
      boolean runsInto = WalPageHeader.parse(bytes).continuesRecord();
      WalIndex inOrder = indexer.index(segment, new ByteArrayInputStream(bytes), runsInto);
      WalIndex alone =
          new SegmentIndexer(before(log)).index(segment, new ByteArrayInputStream(bytes), runsInto);

      assertThat(inOrder).isEqualTo(alone);
      assertThat(inOrder).isEqualTo(expected(log, segment));
    }
  }

  @Test
  void isHeadlessWithoutTheSegmentBefore() throws IOException {
    TestLog log = new TestLog(3);
    log.fill();
    log.commit(700, NOON);
    log.switchSegment();
    WalSegment second = log.firstSegment().next();

    WalIndex index = read(second, log.bytes(second));

    assertThat(index.headless()).isTrue();
    assertThat(index.hasXid(700)).isTrue();
    assertThat(index.whole()).isTrue();
  }

  @Test
  void findsARecordThatFillsTheSegmentBeforeFromItsBeginning() throws IOException {
    TestLog log = new TestLog(3);
    log.switchSegment();
    Entry large = log.change(3 << 20);
    log.switchSegment();
    WalSegment last = log.fullSegments().get(4);

    WalIndex index = new SegmentIndexer(before(log))
        .index(last, new ByteArrayInputStream(log.bytes(last)), true);

    assertThat(index.headless()).isFalse();
    assertThat(index.first()).isEqualTo(large.start());
  }

  static TestLog randomLog(RandomGenerator random, TestLog log) {
    Instant now = NOON;
    long xid = 700 + random.nextInt(1000);
    for (int i = random.nextInt(20, 200); i > 0; i--) {
      now = now.plusMillis(random.nextInt(-20, 200));
      int dice = random.nextInt(100);
      if (dice < 40) {
        log.commit(xid++, now);
      } else if (dice < 50) {
        log.abort(xid++, now);
      } else if (dice < 55) {
        log.commitPrepared(xid++, now);
      } else if (dice < 60) {
        log.restorePoint("point " + random.nextInt(5), now);
      } else if (dice < 92) {
        log.change(random.nextInt(60_000));
      } else if (dice < 94) {
        log.change(random.nextInt(3 << 20));
      } else if (dice < 96) {
        log.switchSegment();
      } else {
        log.fill();
      }
    }
    return log;
  }

  private static WalIndex expected(TestLog log, WalSegment segment) {
    return expected(log, segment, true);
  }

  static WalIndex expected(TestLog log, WalSegment segment, boolean whole) {
    List<Entry> ending = log.entries().stream()
        .filter(e -> e.end().isAfter(segment.start()) && !e.end().isAfter(segment.end()))
        .toList();
    XidSet.Builder committed = new XidSet.Builder();
    XidSet.Builder aborted = new XidSet.Builder();
    List<Instant> times = ending.stream()
        .filter(e -> e.kind().equals("commit") || e.kind().equals("abort"))
        .map(Entry::time)
        .sorted()
        .toList();
    ending.stream().filter(e -> e.kind().equals("commit")).forEach(e -> committed.add(e.xid()));
    ending.stream().filter(e -> e.kind().equals("abort")).forEach(e -> aborted.add(e.xid()));
    boolean none = ending.isEmpty();
    return new WalIndex(
        none ? Lsn.INVALID : ending.get(0).start(),
        none ? Lsn.INVALID : ending.get(ending.size() - 1).start(),
        none ? Lsn.INVALID : ending.get(ending.size() - 1).end(),
        whole,
        false,
        times.isEmpty()
            ? Optional.empty()
            : Optional.of(new TimeRange(times.get(0), times.get(times.size() - 1))),
        committed.build(),
        aborted.build(),
        ending.stream()
            .filter(e -> e.kind().startsWith("point "))
            .map(e -> new RestorePoint(e.kind().substring(6), e.start(), e.end(), e.time()))
            .toList(),
        List.of());
  }

  private static SegmentReader.Neighbours before(TestLog log) {
    return segment -> {
      if (segment.number() == log.firstSegment().number()) {
        return Optional.empty();
      }
      WalSegment previous = segment.previous();
      Lsn end = expected(log, previous).end();
      return Optional.of(new SegmentReader.Before() {
        @Override
        public WalSegment segment() {
          return previous;
        }

        @Override
        public Lsn end() {
          return end;
        }

        @Override
        public ByteArrayInputStream open() {
          return new ByteArrayInputStream(log.bytes(previous));
        }
      });
    };
  }

  private static WalIndex index(TestLog log, WalSegment segment) throws IOException {
    return read(segment, log.bytes(segment));
  }

  private static WalIndex read(WalSegment segment, byte[] bytes) throws IOException {
    boolean runsInto = WalPageHeader.parse(bytes).continuesRecord();
    return new SegmentIndexer(SegmentReader.Neighbours.NONE)
        .index(segment, new ByteArrayInputStream(bytes), runsInto);
  }
}
