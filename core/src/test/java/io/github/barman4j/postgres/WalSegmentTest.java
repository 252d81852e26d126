package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.testing.Seeds;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WalSegmentTest {
  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
  private static final Timeline ONE = Timeline.FIRST;

  /** As pg_walfile_name of servers with these segment sizes answers. */
  @ParameterizedTest
  @CsvSource({
    "16, 0/16B3748, 000000010000000000000001",
    "16, 1/FF000000, 0000000100000001000000FF",
    "16, 16/B374D848, 0000000100000016000000B3",
    "1, 0/16B3748, 000000010000000000000016",
    "1, 1/FFF00000, 000000010000000100000FFF",
    "1024, 3/FFFFFFFF, 000000010000000300000003"
  })
  void isNamedAsTheServerNamesIt(int mebibytes, String lsn, String name) {
    WalSegmentSize size = new WalSegmentSize(mebibytes << 20);
    WalSegment segment = WalSegment.containing(ONE, Lsn.parse(lsn), size);
    assertThat(segment.name()).isEqualTo(name).isEqualTo(segment.toString());
    assertThat(WalSegment.parse(name, size)).isEqualTo(segment);
    assertThat(segment.log()).isEqualTo(name.substring(8, 16));
  }

  @Seeds(100)
  void survivesWritingAndReading(RandomGenerator random) {
    WalSegmentSize size = new WalSegmentSize(1 << random.nextInt(20, 31));
    Lsn lsn = new Lsn(random.nextLong() >>> random.nextInt(64));
    WalSegment segment =
        WalSegment.containing(new Timeline(random.nextInt(1, Integer.MAX_VALUE)), lsn, size);
    assertThat(WalSegment.parse(segment.name(), size)).isEqualTo(segment);
    assertThat(segment.contains(lsn)).isTrue();
    assertThat(segment.start()).isLessThanOrEqualTo(lsn);
    assertThat(lsn.minus(segment.start())).isEqualTo(size.offsetOf(lsn)).isLessThan(size.bytes());
    assertThat(segment.end().minus(segment.start())).isEqualTo(size.bytes());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00000001000000000000000",
        "0000000100000000000000011",
        "00000001000000000000000g",
        "00000001000000000000000a",
        "000000010000000000000001.partial",
        "00000001.history",
        "000000000000000000000001",
        "800000000000000000000001",
        "000000010000000000000100"
      })
  void refusesOtherNames(String name) {
    assertThatThrownBy(() -> WalSegment.parse(name, SIZE)).isInstanceOf(BarmanException.class);
  }

  @Test
  void knowsItsNeighbours() {
    WalSegment segment = WalSegment.parse("0000000100000001000000FF", SIZE);
    assertThat(segment.next().name()).isEqualTo("000000010000000200000000");
    assertThat(segment.next().previous()).isEqualTo(segment);
    assertThat(segment.next().start()).isEqualTo(segment.end());
    assertThat(segment.onTimeline(new Timeline(0x1F)).name()).isEqualTo("0000001F00000001000000FF");
    assertThat(segment.contains(segment.end())).isFalse();
    assertThat(segment.contains(segment.start().plus(-1))).isFalse();
  }

  @Test
  void countsABoundaryToTheSegmentThatItEnds() {
    Lsn boundary = Lsn.parse("0/3000000");
    assertThat(WalSegment.endingBefore(ONE, boundary, SIZE).name())
        .isEqualTo("000000010000000000000002");
    assertThat(WalSegment.endingBefore(ONE, boundary.plus(1), SIZE).name())
        .isEqualTo("000000010000000000000003");
    assertThat(WalSegment.containing(ONE, boundary, SIZE).name())
        .isEqualTo("000000010000000000000003");
  }

  @Test
  void endsWithTheLog() {
    WalSegment last = WalSegment.containing(ONE, new Lsn(-1), SIZE);
    assertThat(last.name()).isEqualTo("00000001FFFFFFFF000000FF");
    assertThatThrownBy(last::next)
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("out of range");
    assertThatThrownBy(() -> new WalSegment(ONE, 0, SIZE).previous())
        .isInstanceOf(BarmanException.class);
  }

  @Test
  void isOrderedByTimelineThenByPlace() {
    WalSegment segment = new WalSegment(ONE, 9, SIZE);
    assertThat(segment).isLessThan(segment.next());
    assertThat(segment.next()).isLessThan(segment.onTimeline(new Timeline(2)));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1 << 19, (1 << 24) + 1, 3 << 20, Integer.MIN_VALUE})
  void hasASizeThatAServerCanHave(int bytes) {
    assertThatThrownBy(() -> new WalSegmentSize(bytes))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("not possible");
  }
}
