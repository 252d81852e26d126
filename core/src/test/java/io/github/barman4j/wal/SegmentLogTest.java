package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import io.github.barman4j.wal.TestLog.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentLogTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  @TempDir
  private Path spool;

  @TempDir
  private Path elsewhere;

  private final WalArchive archive = new WalArchive(
      Repository.openOrCreate(new InMemoryObjectStore(), RepositoryOptions.defaults())
          .server("main"));

  /** Compared with the list of what was written, whatever lies in the archive and whatever in the spool, archived in any order. */
  @Seeds(40)
  void knowsEveryRecordWhereverItsSegmentsLie(RandomGenerator random) throws IOException {
    TestLog log = WalIndexTest.randomLog(random, new TestLog(3));
    List<WalSegment> full = log.fullSegments();
    int inSpool = random.nextInt(Math.min(3, full.size() + 1));
    for (WalSegment segment : full.subList(full.size() - inSpool, full.size())) {
      log.write(spool, segment);
    }
    List<WalSegment> archived = new ArrayList<>(full.subList(0, full.size() - inSpool));
    Collections.shuffle(archived, new Random(random.nextLong()));
    for (WalSegment segment : archived) {
      archive.store(segment, log.write(elsewhere, segment), TestLog.SYSTEM);
    }
    log.writePartial(spool, log.lastSegment());
    full.add(log.lastSegment());

    SegmentLog segments = new SegmentLog(archive, PartialSegment.in(spool, TestLog.SIZE));

    for (WalSegment segment : full) {
      boolean whole = !segment.equals(log.lastSegment());
      assertThat(segments.index(segment)).isEqualTo(WalIndexTest.expected(log, segment, whole));
    }
    for (Entry entry : log.entries()) {
      if (entry.kind().equals("commit") || entry.kind().equals("abort")) {
        WalSegment segment =
            WalSegment.endingBefore(log.lastSegment().timeline(), entry.end(), TestLog.SIZE);
        assertThat(segments.transactionEnd(segment, entry.xid())).hasValueSatisfying(found -> {
          assertThat(found.start()).isEqualTo(entry.start());
          assertThat(found.time()).isEqualTo(entry.time());
          assertThat(found.committed()).isEqualTo(entry.kind().equals("commit"));
        });
        assertThat(segments.transactionEnd(segment, entry.xid() + 1_000_000)).isEmpty();
      }
    }
  }

  @Test
  void followsASegmentFromTheSpoolIntoTheArchive() throws IOException {
    TestLog log = new TestLog(3);
    log.commit(700, NOON);
    log.fill();
    WalSegment segment = log.firstSegment();
    log.writePartial(spool, segment);
    SegmentLog segments = new SegmentLog(archive, PartialSegment.in(spool, TestLog.SIZE));

    Files.move(PartialSegment.fileOf(spool, segment), spool.resolve(segment.name()));
    assertThat(segments.transactionEnd(segment, 700)).isPresent();

    archive.store(segment, spool.resolve(segment.name()), TestLog.SYSTEM);
    Files.delete(spool.resolve(segment.name()));
    assertThat(segments.transactionEnd(segment, 700)).isPresent();
    assertThat(segments.index(segment).hasXid(700)).isTrue();
  }

  @Test
  void findsNothingInASegmentOfWhichNothingHasCome() throws IOException {
    WalSegment segment = new TestLog(3).firstSegment();
    Files.write(PartialSegment.fileOf(spool, segment), new byte[TestLog.SIZE.bytes()]);

    WalIndex index = new SegmentLog(archive, PartialSegment.in(spool, TestLog.SIZE)).index(segment);

    assertThat(index.whole()).isFalse();
    assertThat(index.last().isInvalid()).isTrue();
  }
}
