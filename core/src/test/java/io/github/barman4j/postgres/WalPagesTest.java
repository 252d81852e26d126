package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.WalStop.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pages that cannot stand where they stand, as the reader meets them. */
class WalPagesTest {
  private static final int SECOND = WalComposer.PAGE;
  private static final int SECOND_SEGMENT = WalComposer.SEGMENT_SIZE.bytes();

  private final WalComposer composer =
      new WalComposer(WalFormat.V16, new WalSegment(new Timeline(3), 7, WalComposer.SEGMENT_SIZE));
  private final WalSegment segment = composer.first();
  private byte[] bytes = new byte[0];

  @BeforeEach
  void fillMoreThanASegment() {
    composer.leave(0);
    composer.record(5, 1_100_000);
    bytes = composer.bytes();
  }

  @Test
  void refusesAPageOfAnotherPlace() throws IOException {
    bytes[SECOND + 8 + 2]++;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.WRONG_ADDRESS);
    assertThat(stop.at()).isEqualTo(segment.start().plus(SECOND));
    assertThat(stop.detail()).isEqualTo("a page of 0/712000");
  }

  @Test
  void refusesASegmentOfAnotherPlace() throws IOException {
    assertThat(WalReading.of(bytes, segment.next()).stop().reason())
        .isEqualTo(Reason.WRONG_ADDRESS);
  }

  @Test
  void refusesASegmentOfAnotherCluster() throws IOException {
    WalReader reader = WalReader.open(new ByteArrayInputStream(bytes), segment)
        .expecting(new SystemIdentifier(42));
    WalStop stop = WalReading.of(reader).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_PAGE_HEADER);
    assertThat(stop.detail()).contains("7711252553973266279").contains("42");
    assertThat(stop.end()).isEqualTo(segment.start());
  }

  @Test
  void refusesALaterSegmentOfAnotherCluster() throws IOException {
    bytes[SECOND_SEGMENT + 24]++;
    assertThat(WalReading.of(bytes, segment).stop().at()).isEqualTo(segment.end());
  }

  @Test
  void refusesASegmentOfAnotherSize() throws IOException {
    WalSegment sixteen = new WalSegment(segment.timeline(), 0, WalSegmentSize.DEFAULT);
    assertThat(WalReading.of(bytes, sixteen).stop().detail())
        .isEqualTo("a segment of 1MB, expected 16MB");
  }

  @Test
  void refusesALaterSegmentWithOtherPages() throws IOException {
    bytes[SECOND_SEGMENT + 36 + 1] = 0x40;
    assertThat(WalReading.of(bytes, segment).stop().detail()).contains("16384").contains("8192");
  }

  @Test
  void refusesASegmentThatDoesNotSayWhereItComesFrom() throws IOException {
    bytes[2] = 0;
    assertThat(WalReading.of(bytes, segment).stop().detail())
        .contains("does not say where it comes from");
  }

  @Test
  void refusesATimelineAboveTheSegments() throws IOException {
    WalSegment older = segment.onTimeline(new Timeline(2));
    assertThat(WalReading.of(bytes, older).stop().detail())
        .isEqualTo("a page of timeline 3 in a log of timeline 2");
  }

  @Test
  void refusesATimelineThatGoesBack() throws IOException {
    bytes[SECOND + 4] = 2;
    assertThat(WalReading.of(bytes, segment).stop().detail())
        .isEqualTo("a page of timeline 2 after one of timeline 3");
  }

  @Test
  void refusesAnotherMajorAmongItsPages() throws IOException {
    bytes[SECOND] = 0x16;
    assertThat(WalReading.of(bytes, segment).stop().detail())
        .isEqualTo("a page of PostgreSQL 17 after one of 16");
  }

  @Test
  void refusesAnUnknownMajor() throws IOException {
    bytes[0] = 0x77;
    WalStop stop = WalReading.of(bytes, segment).stop();
    assertThat(stop.reason()).isEqualTo(Reason.BAD_PAGE_HEADER);
    assertThat(stop.detail()).contains("D177");
  }

  @Test
  void stopsForWantOfDataInsideAPageHeader() throws IOException {
    for (int length : new int[] {1, 23, 24, 39, SECOND + 10, SECOND_SEGMENT + 24}) {
      WalStop stop = WalReading.of(Arrays.copyOf(bytes, length), segment).stop();
      assertThat(stop.reason()).as("%s bytes", length).isEqualTo(Reason.END_OF_DATA);
      assertThat(stop.at()).isEqualTo(segment.start().plus(length));
    }
  }

  @Test
  void letsALaterTimelineComeWhenTold() throws IOException {
    WalComposer fork = new WalComposer();
    fork.leave(0);
    fork.timeline(2).record(1, 100);
    byte[] log = fork.bytes();
    WalReader reader = WalReader.open(new ByteArrayInputStream(log, 0, SECOND), fork.first());
    assertThat(WalReading.of(reader).records()).hasSize(1);
    reader.continueWith(
        new ByteArrayInputStream(log, SECOND, log.length - SECOND), new Timeline(2));
    assertThat(WalReading.of(reader).records()).hasSize(1);
  }
}
