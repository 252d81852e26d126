package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.testing.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class WalCoverageTest {
  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
  private static final TimelineHistory ROOT = TimelineHistory.root(Timeline.FIRST);
  // Timeline 2 leaves 1 in the middle of segment 5, timeline 3 leaves 2 at the start of segment 8.
  private static final TimelineHistory FORKED = TimelineHistory.parse(
      new Timeline(3), "1\t0/5800000\tno recovery target specified\n2\t0/8000000\tbefore x\n");

  @Test
  void joinsNeighboursAndNamesTheGaps() {
    WalCoverage coverage = coverage("1:3", "1:1", "1:2", "1:2", "1:6", "2:7", "2:9");

    assertThat(coverage.ranges())
        .extracting(Object::toString)
        .containsExactly(
            "000000010000000000000001..000000010000000000000003",
            "000000010000000000000006",
            "000000020000000000000007",
            "000000020000000000000009");
    assertThat(coverage.gaps())
        .extracting(Object::toString)
        .containsExactly(
            "000000010000000000000004..000000010000000000000005", "000000020000000000000008");
    assertThat(coverage.of(new Timeline(2))).hasSize(2);
  }

  @Seeds(100)
  void containsExactlyWhatItWasMadeOf(RandomGenerator random) {
    Set<WalSegment> segments = new TreeSet<>();
    for (int i = random.nextInt(60); i > 0; i--) {
      segments.add(segment(random.nextInt(1, 4) + ":" + random.nextInt(1, 30)));
    }
    List<WalSegment> shuffled = new ArrayList<>(segments);
    Collections.shuffle(shuffled, new Random(random.nextLong()));

    WalCoverage coverage = WalCoverage.of(shuffled);

    long count = 0;
    for (WalCoverage.Range range : coverage.ranges()) {
      count += range.count();
    }
    assertThat(count).isEqualTo(segments.size());
    for (int timeline = 1; timeline < 4; timeline++) {
      for (int number = 1; number < 31; number++) {
        WalSegment segment = segment(timeline + ":" + number);
        boolean between = coverage.gaps().stream().anyMatch(gap -> gap.contains(segment));
        assertThat(coverage.contains(segment)).isEqualTo(segments.contains(segment));
        assertThat(between && coverage.contains(segment)).isFalse();
      }
    }
  }

  @Nested
  class Required {
    @Test
    void isTheSegmentOfEveryByte() {
      assertThat(required(ROOT, "0/2000028", "0/4000001")).containsExactly("1:2", "1:3", "1:4");
    }

    @Test
    void endsWithTheSegmentBeforeAnEndOnABoundary() {
      assertThat(required(ROOT, "0/2000028", "0/4000000")).containsExactly("1:2", "1:3");
    }

    @Test
    void isNothingForAnEmptyRange() {
      assertThat(required(ROOT, "0/2000028", "0/2000028")).isEmpty();
    }

    @Test
    void takesTheYoungestTimelineOfASegment() {
      assertThat(required(FORKED, "0/4000000", "0/9000000"))
          .containsExactly("1:4", "2:5", "2:6", "2:7", "3:8");
    }

    private List<String> required(TimelineHistory history, String begin, String end) {
      return names(WalCoverage.required(history, Lsn.parse(begin), Lsn.parse(end), SIZE));
    }
  }

  @Nested
  class Follow {
    @Test
    void endsWhereNothingComesAfter() {
      WalPath path = coverage("1:2", "1:3", "1:4").follow(ROOT, Lsn.parse("0/3000100"), SIZE);

      assertThat(names(path.segments())).containsExactly("1:3", "1:4");
      assertThat(path.end()).isEqualTo(Lsn.parse("0/5000000"));
      assertThat(path.gap()).isEmpty();
    }

    @Test
    void saysWhichSegmentMakesAGap() {
      WalPath path = coverage("1:2", "1:3", "1:5").follow(ROOT, Lsn.parse("0/2000100"), SIZE);

      assertThat(names(path.segments())).containsExactly("1:2", "1:3");
      assertThat(path.gap()).contains(segment("1:4"));
    }

    @Test
    void isEmptyWhereItCannotBegin() {
      WalPath path = coverage("1:4").follow(ROOT, Lsn.parse("0/2000100"), SIZE);

      assertThat(path.segments()).isEmpty();
      assertThat(path.end()).isEqualTo(Lsn.parse("0/2000100"));
      assertThat(path.gap()).contains(segment("1:2"));
    }

    @Test
    void changesToTheYoungerTimelineInTheSegmentOfTheFork() {
      WalPath path = coverage("1:4", "1:5", "1:6", "2:5", "2:6", "2:7", "2:8", "3:8")
          .follow(FORKED, Lsn.parse("0/4000028"), SIZE);

      assertThat(names(path.segments())).containsExactly("1:4", "2:5", "2:6", "2:7", "3:8");
      assertThat(path.gap()).isEmpty();
    }

    @Test
    void endsAtTheForkWhenOnlyTheOlderTimelineHasItsSegment() {
      WalPath path = coverage("1:4", "1:5", "1:6").follow(FORKED, Lsn.parse("0/4000028"), SIZE);

      assertThat(names(path.segments())).containsExactly("1:4", "1:5");
      assertThat(path.end()).isEqualTo(Lsn.parse("0/5800000"));
      assertThat(path.gap()).isEmpty();
    }

    @Test
    void findsNothingInAnOlderTimelineBehindTheFork() {
      WalPath path = coverage("1:5", "2:6").follow(FORKED, Lsn.parse("0/5900028"), SIZE);

      assertThat(path.segments()).isEmpty();
      assertThat(path.end()).isEqualTo(Lsn.parse("0/5900028"));
      assertThat(path.gap()).contains(segment("2:5"));
    }

    @Test
    void seesAGapBehindTheFork() {
      WalPath path = coverage("1:4", "1:5", "2:6").follow(FORKED, Lsn.parse("0/4000028"), SIZE);

      assertThat(path.end()).isEqualTo(Lsn.parse("0/5800000"));
      assertThat(path.gap()).contains(segment("2:5"));
    }

    @Test
    void ignoresWhatAnAncestorWroteAfterThePathLeftIt() {
      WalPath path = coverage("1:4", "1:7", "1:9").follow(FORKED, Lsn.parse("0/4000028"), SIZE);

      assertThat(names(path.segments())).containsExactly("1:4");
      assertThat(path.gap()).isEmpty();
    }
  }

  private static WalCoverage coverage(String... segments) {
    List<WalSegment> parsed = new ArrayList<>();
    for (String text : segments) {
      parsed.add(segment(text));
    }
    return WalCoverage.of(parsed);
  }

  private static WalSegment segment(String text) {
    int colon = text.indexOf(':');
    return new WalSegment(
        new Timeline(Integer.parseInt(text.substring(0, colon))),
        Long.parseLong(text.substring(colon + 1)),
        SIZE);
  }

  private static List<String> names(List<WalSegment> segments) {
    return segments.stream().map(s -> s.timeline() + ":" + s.number()).toList();
  }
}
