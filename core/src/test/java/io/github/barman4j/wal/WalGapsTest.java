package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.InMemoryObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalGapsTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00.000001Z");

  @TempDir
  private Path directory;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final TestLog log = new TestLog(3);
  private WalArchive archive = newArchive();

  @Test
  void areKept() {
    WalGap gap = gap(3, 6, "the slot 'größe' was dropped");
    archive.recordGap(gap);

    archive = newArchive();
    assertThat(archive.gaps()).containsExactly(gap);
    assertThat(gap.firstSegment()).isEqualTo(log.firstSegment());
  }

  @Test
  void areReplacedByWhatIsKnownLaterOfTheSame() {
    archive.recordGap(gap(3, 4, "lost"));
    archive.recordGap(gap(3, 9, "lost"));

    assertThat(archive.gaps()).containsExactly(gap(3, 9, "lost"));
  }

  @Test
  void shrinkAndDisappearWhenTheirSegmentsComeAfterAll() throws IOException {
    for (int i = 0; i < 3; i++) {
      log.fill();
    }
    List<WalSegment> segments = log.fullSegments();
    archive.recordGap(gap(3, 6, "lost"));

    archive.store(segments.get(1), log.write(directory, segments.get(1)), TestLog.SYSTEM);
    assertThat(archive.gaps()).containsExactly(gap(3, 6, "lost"));
    archive.store(segments.get(0), log.write(directory, segments.get(0)), TestLog.SYSTEM);
    assertThat(archive.gaps()).containsExactly(gap(5, 6, "lost"));
    archive.store(segments.get(2), log.write(directory, segments.get(2)), TestLog.SYSTEM);
    assertThat(archive.gaps()).isEmpty();
  }

  @Test
  void lieOnThePathOfTheirTimeline() throws IOException {
    for (int i = 0; i < 2; i++) {
      log.fill();
    }
    List<WalSegment> segments = log.fullSegments();
    archive.storeHistory(
        new Timeline(2), "1\t0/580000\tfork\n".getBytes(StandardCharsets.US_ASCII));
    archive.recordGap(
        new WalGap(new Timeline(2), at(3), at(7), TestLog.SIZE, NOON, "the slot was dropped"));

    for (WalSegment segment : segments) {
      archive.store(segment, log.write(directory, segment), TestLog.SYSTEM);
    }

    assertThat(archive.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.from()).isEqualTo(at(5));
      assertThat(gap.describe()).isEqualTo("from 0/500000 to 0/700000 on timeline 2");
    });
  }

  @Test
  void areRefusedWhenTheirBytesAreNotThoseOfAGap() {
    byte[] bytes = WalGaps.encode(gap(3, 6, "x"));
    for (int length = 0; length < bytes.length - 1; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> WalGaps.decode("wal/gaps/x", cut))
          .as("%d bytes", length)
          .isInstanceOf(IntegrityException.class);
    }
    byte[] later = bytes.clone();
    later[0]++;
    assertThatThrownBy(() -> WalGaps.decode("wal/gaps/x", later))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("later release");
    byte[] backwards =
        WalGaps.encode(new WalGap(Timeline.FIRST, at(6), at(3), TestLog.SIZE, NOON, "backwards"));
    assertThatThrownBy(() -> WalGaps.decode("wal/gaps/x", backwards))
        .isInstanceOf(IntegrityException.class);
  }

  private static WalGap gap(long first, long next, String reason) {
    return new WalGap(Timeline.FIRST, at(first), at(next), TestLog.SIZE, NOON, reason);
  }

  private static Lsn at(long segment) {
    return new Lsn(segment * TestLog.SIZE.bytes());
  }

  private WalArchive newArchive() {
    return new WalArchive(
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main"));
  }
}
