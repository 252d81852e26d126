package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.InMemoryObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalArchiveTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");

  @TempDir
  private Path directory;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final TestLog log = new TestLog(3);
  private WalArchive archive = newArchive();

  @BeforeEach
  void writeThreeSegments() {
    for (int i = 0; i < 3; i++) {
      log.commit(700 + i, NOON.plusSeconds(i));
      log.fill();
    }
  }

  @Test
  void givesBackWhatItWasGiven() throws IOException {
    for (WalSegment segment : log.fullSegments()) {
      assertThat(store(segment).added()).isTrue();
    }

    archive = newArchive();
    assertThat(archive.segments()).isEqualTo(log.fullSegments());
    assertThat(archive.coverage().ranges()).hasSize(1);
    assertThat(archive.segmentSize()).contains(TestLog.SIZE);
    for (WalSegment segment : log.fullSegments()) {
      Path target = directory.resolve("fetched");
      archive.fetch(segment, target);
      assertThat(target).hasBinaryContent(log.bytes(segment));
      assertThat(archive.contains(segment)).isTrue();
      assertThat(archive.index(segment).hasXid(697 + segment.number())).isTrue();
      assertThat(archive.index(segment).headless()).isFalse();
    }
    assertThat(archive.contains(log.lastSegment())).isFalse();
  }

  @Test
  void knowsTheRecordThatRunsIntoASegmentWhenItIsArchivedByAnotherProcess() throws IOException {
    store(log.fullSegments().get(0));
    archive = newArchive();

    assertThat(store(log.fullSegments().get(1)).index().headless()).isFalse();
    assertThat(store(log.fullSegments().get(1)).added()).isFalse();
  }

  @Test
  void saysThatTheIndexLacksARecordWhenTheSegmentBeforeIsNotThere() throws IOException {
    assertThat(store(log.fullSegments().get(1)).index().headless()).isTrue();
  }

  @Test
  void takesASegmentThatTheServerSwitchedEarly() throws IOException {
    WalSegment segment = log.lastSegment();
    log.commit(900, NOON);
    log.switchSegment();

    assertThat(store(segment).index().whole()).isTrue();
  }

  @Test
  void takesTheSameSegmentTwice() throws IOException {
    WalSegment segment = log.firstSegment();
    store(segment);

    assertThat(store(segment).added()).isFalse();
    assertThat(archive.quarantined()).isEmpty();
  }

  @Test
  void putsOtherContentIntoTheQuarantine() throws IOException {
    WalSegment segment = log.firstSegment();
    store(segment);
    TestLog clone = new TestLog(3);
    clone.commit(700, NOON.plusSeconds(9));
    clone.fill();
    Path file = clone.write(directory, segment);

    for (int i = 0; i < 2; i++) {
      assertRefused(
          () -> archive.store(segment, file, TestLog.SYSTEM),
          ErrorCode.WAL_DIFFERS,
          segment.name());
    }

    assertThat(archive.quarantined()).hasSize(1);
    archive.fetch(segment, file);
    assertThat(file).hasBinaryContent(log.bytes(segment));
    assertThat(archive.segments()).containsExactly(segment);
  }

  @Test
  void saysWhenTheStoredSegmentIsDamaged() throws IOException {
    WalSegment segment = log.firstSegment();
    store(segment);
    String key = "main/wal/00000001/00000000/" + segment.name();
    byte[] object = store.get(key);
    object[object.length / 2]++;
    store.overwrite(key, object);
    Path target = directory.resolve("fetched");

    assertThatThrownBy(() -> archive.fetch(segment, target)).isInstanceOf(IntegrityException.class);
    assertThat(target).doesNotExist();
  }

  @Nested
  class Refuses {
    @Test
    void theSegmentOfAnotherCluster() throws IOException {
      Path file = log.write(directory, log.firstSegment());

      assertRefused(
          () -> archive.store(log.firstSegment(), file, new SystemIdentifier(42)),
          ErrorCode.REPOSITORY_OTHER_SYSTEM,
          "7301234567890123456");
    }

    @Test
    void aSegmentUnderAnothersName() throws IOException {
      WalSegment second = log.fullSegments().get(1);
      Path file = Files.write(directory.resolve("x"), log.bytes(log.firstSegment()));

      assertRefused(
          () -> archive.store(second, file, TestLog.SYSTEM), ErrorCode.WAL_INVALID, "0/300000");
    }

    @Test
    void aSegmentThatHasNotComeWhole() throws IOException {
      Path file = log.write(directory, log.lastSegment());

      assertRefused(
          () -> archive.store(log.lastSegment(), file, TestLog.SYSTEM),
          ErrorCode.WAL_INVALID,
          "has no page at");
    }

    @Test
    void aSegmentWhoseEndWasNeverOverwritten() throws IOException {
      byte[] recycled = log.bytes(log.firstSegment());
      byte[] older = log.bytes(log.fullSegments().get(1));
      int from = recycled.length - 8192;
      System.arraycopy(older, from, recycled, from, 8192);
      Path file = Files.write(directory.resolve("x"), recycled);

      assertRefused(
          () -> archive.store(log.firstSegment(), file, TestLog.SYSTEM),
          ErrorCode.WAL_INVALID,
          "at the place of");
    }

    @Test
    void aFileOfAnotherSize() throws IOException {
      byte[] bytes = log.bytes(log.firstSegment());
      Path file = Files.write(directory.resolve("x"), Arrays.copyOf(bytes, bytes.length - 1));

      assertRefused(
          () -> archive.store(log.firstSegment(), file, TestLog.SYSTEM),
          ErrorCode.WAL_INVALID,
          "1048575 bytes instead of 1048576");
    }

    @Test
    void segmentsOfAnotherSize() throws IOException {
      store(log.firstSegment());
      WalSegment other = new WalSegment(Timeline.FIRST, 1, new WalSegmentSize(2 << 20));
      Path file = Files.write(directory.resolve("x"), new byte[2 << 20]);

      assertRefused(() -> archive.store(other, file, TestLog.SYSTEM), ErrorCode.WAL_INVALID, "x");
    }

    @Test
    void aPageOfALaterTimeline() throws IOException {
      TestLog later = new TestLog(TestLog.SYSTEM, new Timeline(2), 3);
      later.fill();
      Path file = Files.write(directory.resolve("x"), later.bytes(log.firstSegment()));

      assertRefused(
          () -> archive.store(log.firstSegment(), file, TestLog.SYSTEM),
          ErrorCode.WAL_INVALID,
          "timeline 2");
    }
  }

  @Nested
  class Histories {
    private final byte[] history =
        "1\t0/3000100\tno recovery target specified\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void areKept() {
      archive.storeHistory(new Timeline(2), history);
      archive.storeHistory(new Timeline(2), history);

      assertThat(archive.history(new Timeline(2))).contains(history);
      assertThat(archive.historyOf(new Timeline(2)).path())
          .containsExactly(Timeline.FIRST, new Timeline(2));
      assertThat(archive.histories())
          .extracting(TimelineHistory::timeline)
          .containsExactly(new Timeline(2));
      assertThat(archive.segments()).isEmpty();
    }

    @Test
    void areRootsWithoutAFile() {
      assertThat(archive.history(Timeline.FIRST)).isEmpty();
      assertThat(archive.historyOf(Timeline.FIRST)).isEqualTo(TimelineHistory.root(Timeline.FIRST));
    }

    @Test
    void areQuarantinedWhenAnotherIsThere() {
      archive.storeHistory(new Timeline(2), history);

      assertRefused(
          () -> archive.storeHistory(
              new Timeline(2), "1\t0/4000100\tx\n".getBytes(StandardCharsets.US_ASCII)),
          ErrorCode.WAL_DIFFERS,
          "timeline 2");
      assertThat(archive.history(new Timeline(2))).contains(history);
      assertThat(archive.quarantined()).hasSize(1);
    }

    @Test
    void areRefusedWhenTheyCannotBeRead() {
      assertRefused(
          () ->
              archive.storeHistory(new Timeline(2), "garbage".getBytes(StandardCharsets.US_ASCII)),
          ErrorCode.TIMELINE_HISTORY_INVALID,
          "garbage");
      assertThat(archive.histories()).isEmpty();
    }
  }

  @Test
  void letsOneProcessReceiveAtATime() {
    try (WalArchive.Hold hold = archive.holdReceiving()) {
      assertThat(hold).isNotNull();
      assertThatThrownBy(() -> newArchive().holdReceiving())
          .isInstanceOf(RepositoryLockedException.class);
    }
    archive.holdReceiving().close();
  }

  private WalArchive newArchive() {
    return new WalArchive(
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main"));
  }

  private WalArchive.Stored store(WalSegment segment) throws IOException {
    return archive.store(segment, log.write(directory, segment), TestLog.SYSTEM);
  }

  private static void assertRefused(ThrowingCallable call, ErrorCode code, String part) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }
}
