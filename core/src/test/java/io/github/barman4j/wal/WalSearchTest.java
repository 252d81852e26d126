package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.testing.Seeds;
import io.github.barman4j.wal.TestLog.Entry;
import io.github.barman4j.wal.WalSearch.TransactionStop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalSearchTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");
  private static final TimelineHistory ROOT = TimelineHistory.root(Timeline.FIRST);

  @TempDir
  private Path directory;

  @TempDir
  private Path elsewhere;

  private final WalArchive archive = new WalArchive(
      Repository.openOrCreate(new InMemoryObjectStore(), RepositoryOptions.defaults())
          .server("main"));

  /** Compared with the list of what was written, whatever lies in the archive and whatever in the spool, stored in any order. */
  @Seeds(40)
  void findsWhatARecoveryWouldStopAt(RandomGenerator random) throws IOException {
    TestLog log = WalIndexTest.randomLog(random, new TestLog(3));
    List<WalSegment> full = new ArrayList<>(log.fullSegments());
    int inSpool = random.nextInt(Math.min(2, full.size() + 1));
    for (WalSegment segment : full.subList(full.size() - inSpool, full.size())) {
      log.write(directory, segment);
    }
    List<WalSegment> archived = new ArrayList<>(full.subList(0, full.size() - inSpool));
    Collections.shuffle(archived, new Random(random.nextLong()));
    for (WalSegment segment : archived) {
      archive.store(segment, log.write(elsewhere, segment), TestLog.SYSTEM);
    }
    log.writePartial(directory, log.lastSegment());
    Entry from = log.entries().get(random.nextInt(log.entries().size()));

    WalSearch search = search(ROOT, from.start());

    List<Entry> counted =
        log.entries().stream().filter(e -> !e.start().isBefore(from.start())).toList();
    Entry last = counted.get(counted.size() - 1);
    assertThat(search.path().gap()).isEmpty();
    assertThat(search.lastRecord()).contains(last.start());
    assertThat(search.end()).contains(last.end());
    List<Entry> endings = counted.stream().filter(WalSearchTest::isEnding).toList();
    assertThat(search.lastTransaction())
        .isEqualTo(stop(endings.isEmpty() ? null : endings.get(endings.size() - 1)));
    for (Entry entry : endings) {
      assertThat(search.transaction(entry.xid())).isEqualTo(stop(entry));
    }
    for (int i = 0; i < 20; i++) {
      Instant time = NOON.plusMillis(random.nextInt(-1000, 20_000));
      Instant wanted = endings.isEmpty() || random.nextBoolean()
          ? time
          : endings.get(random.nextInt(endings.size())).time();
      assertThat(search.firstAfter(wanted, true))
          .isEqualTo(first(endings, e -> e.time().isAfter(wanted)));
      assertThat(search.firstAfter(wanted, false))
          .isEqualTo(first(endings, e -> !e.time().isBefore(wanted)));
    }
    for (int i = 0; i < 5; i++) {
      String name = "point " + i;
      assertThat(search.restorePoint(name).map(WalIndex.RestorePoint::start))
          .isEqualTo(counted.stream()
              .filter(e -> e.kind().equals("point " + name))
              .findFirst()
              .map(Entry::start));
    }
  }

  @Test
  void findsNothingBehindADamagedRecord() throws IOException {
    TestLog log = new TestLog(3);
    Entry good = log.commit(700, NOON);
    Entry damaged = log.commit(701, NOON);
    log.fill();
    log.commit(702, NOON);
    log.fill();
    WalSegment first = log.firstSegment();
    byte[] bytes = log.bytes(first);
    bytes[(int) damaged.start().minus(first.start()) + 26]++;
    archive.store(first, Files.write(directory.resolve(first.name()), bytes), TestLog.SYSTEM);
    archive.store(first.next(), log.write(directory, first.next()), TestLog.SYSTEM);

    WalSearch search = search(ROOT, good.start());

    assertThat(search.lastTransaction()).isEqualTo(stop(good));
    assertThat(search.transaction(702)).isEmpty();
  }

  @Test
  void findsNothingThatAnAncestorWroteAfterTheFork() throws IOException {
    TestLog old = new TestLog(3);
    Entry shared = old.commit(700, NOON);
    Lsn fork = old.position();
    TestLog promoted = old.promoted(new Timeline(2), NOON);
    old.commit(701, NOON);
    old.fill();
    promoted.commit(801, NOON);
    promoted.fill();
    archive.storeHistory(
        new Timeline(2), ("1\t" + fork + "\tx\n").getBytes(StandardCharsets.US_ASCII));
    archive.store(old.firstSegment(), old.write(directory, old.firstSegment()), TestLog.SYSTEM);

    WalSearch before = search(archive.historyOf(new Timeline(2)), shared.start());
    assertThat(before.transaction(701)).isEmpty();
    assertThat(before.lastTransaction()).isEqualTo(stop(shared));
    assertThat(before.end()).contains(fork);

    WalSegment first = promoted.fullSegments().get(0);
    archive.store(first, promoted.write(directory, first), TestLog.SYSTEM);
    WalSearch after = search(archive.historyOf(new Timeline(2)), shared.start());
    assertThat(after.transaction(701)).isEmpty();
    assertThat(after.transaction(801)).isPresent();
    assertThat(after.transaction(700)).isEqualTo(stop(shared));
  }

  @Test
  void followsASegmentFromTheSpoolIntoTheArchive() throws IOException {
    TestLog log = new TestLog(3);
    Entry entry = log.commit(700, NOON);
    log.fill();
    WalSegment segment = log.firstSegment();
    Path file = log.write(directory, segment);
    WalSearch search = search(ROOT, entry.start());

    archive.store(segment, file, TestLog.SYSTEM);
    Files.delete(file);

    assertThat(search.transaction(700)).isEqualTo(stop(entry));
  }

  @Test
  void findsNothingWithoutLog() {
    WalSearch search = search(ROOT, Lsn.parse("0/300028"));

    assertThat(search.lastRecord()).isEmpty();
    assertThat(search.lastTransaction()).isEmpty();
    assertThat(search.firstAfter(NOON, true)).isEmpty();
    assertThat(search.transaction(3)).isEmpty();
    assertThat(search.restorePoints()).isEmpty();
    assertThat(search.times()).isEmpty();
  }

  private WalSearch search(TimelineHistory history, Lsn begin) {
    return WalSearch.along(
        archive, history, begin, PartialSegment.in(directory, TestLog.SIZE), TestLog.SIZE);
  }

  private static Optional<TransactionStop> first(List<Entry> entries, Predicate<Entry> wanted) {
    return entries.stream().filter(wanted).findFirst().flatMap(WalSearchTest::stop);
  }

  private static Optional<TransactionStop> stop(@Nullable Entry entry) {
    return Optional.ofNullable(entry)
        .map(e ->
            new TransactionStop(e.start(), e.end(), e.xid(), e.time(), e.kind().equals("commit")));
  }

  private static boolean isEnding(Entry entry) {
    return entry.kind().equals("commit") || entry.kind().equals("abort");
  }
}
