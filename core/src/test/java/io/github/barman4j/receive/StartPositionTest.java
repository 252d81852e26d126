package io.github.barman4j.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalCoverage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StartPositionTest {
  private static final WalSegmentSize SIZE = WalSegmentSize.DEFAULT;
  // Timeline 2 leaves 1 in the middle of segment 5.
  private static final String FORK = "1\t0/5800000\tno recovery target specified\n";

  private String whole = "";
  private TimelineHistory history = TimelineHistory.root(Timeline.FIRST);

  @Test
  void isTheServersOwnWhenNothingIsHeld() {
    assertThat(decide("", "", null, "0/3000150")).containsExactly("1:3");
  }

  @Test
  void isTheFirstThatTheSlotKeepsWhenNothingIsHeld() {
    assertThat(decide("", "", "0/2000028", "0/3000150")).containsExactly("1:2");
  }

  @Test
  void skipsWhatTheArchiveHasOfWhatTheSlotKeeps() {
    assertThat(decide("1:2 1:3", "1:4", "0/2000028", "0/4000150")).containsExactly("1:4");
  }

  @Test
  void takesTheLastOfTheArchiveOnceMoreToCompareIt() {
    assertThat(decide("1:2 1:3", "", "0/2000028", "0/4000150")).containsExactly("1:3");
    assertThat(decide("1:2 1:3", "", "0/3FFFFFF", "0/4000150")).containsExactly("1:3");
    assertThat(decide("1:2 1:3", "", "0/4000000", "0/4000150")).containsExactly("1:4");
  }

  @Test
  void doesNotTakeASegmentTwiceThatWaitsInTheSpoolToBeArchived() {
    whole = "1:3";
    assertThat(decide("1:2", "", "0/2000028", "0/4000150")).containsExactly("1:4");
  }

  @Test
  void fillsTheHoleBeforeAnIslandThatABackupHasArchived() {
    assertThat(decide("1:2 1:3 1:7", "1:4", "0/3000028", "0/9000150")).containsExactly("1:4");
    assertThat(decide("1:2 1:3 1:7", "", "0/4000028", "0/9000150")).containsExactly("1:4");
  }

  @Test
  void restartsThePartialSegmentFromItsBeginning() {
    assertThat(decide("1:2", "1:3", "0/3000150", "0/3000200")).containsExactly("1:3");
  }

  @Test
  void triesTheEndOfTheArchiveFirstWhenTheSlotBeginsLater() {
    assertThat(decide("1:2", "", "0/6000000", "0/6000200")).containsExactly("1:3", "1:6");
  }

  @Test
  void triesThePartialSegmentFirstWhenTheSlotBeginsLater() {
    assertThat(decide("1:2", "1:3", "0/6000000", "0/6000200")).containsExactly("1:3", "1:6");
  }

  @Test
  void triesTheEndOfTheArchiveFirstWhenTheSlotKeepsNothing() {
    assertThat(decide("1:2", "", null, "0/6000200")).containsExactly("1:3", "1:6");
    assertThat(decide("1:2 1:3 1:4 1:5", "", null, "0/6000200")).containsExactly("1:6");
  }

  @Test
  void changesToTheYoungerTimelineInTheSegmentOfTheFork() {
    history = TimelineHistory.parse(new Timeline(2), FORK);

    assertThat(decide("1:3 1:4", "1:5", "0/5000028", "0/5900000")).containsExactly("2:5");
    assertThat(decide("1:3 1:4", "2:5", "0/4000028", "0/5900000")).containsExactly("2:5");
    assertThat(decide("1:3", "1:4", "0/4000028", "0/5900000")).containsExactly("1:4");
  }

  @Test
  void countsNothingThatAnAncestorWroteAfterTheFork() {
    history = TimelineHistory.parse(new Timeline(2), FORK);

    assertThat(decide("1:4 1:5 1:6", "1:7", null, "0/9000000")).containsExactly("2:5", "2:9");
  }

  @Test
  void ignoresTimelinesThatAreNotTheServersPast() {
    assertThat(decide("4:4 4:5", "4:6", null, "0/3000150")).containsExactly("1:3");
  }

  private List<String> decide(
      String archived, String partials, @Nullable String kept, String flushed) {
    List<PartialSegment> spooled = new ArrayList<>();
    segments(whole).forEach(s -> spooled.add(new PartialSegment(s, Path.of("x"), true)));
    segments(partials).forEach(s -> spooled.add(new PartialSegment(s, Path.of("x"), false)));
    return StartPosition.decide(
            history,
            WalCoverage.of(segments(archived)),
            spooled,
            Optional.ofNullable(kept).map(Lsn::parse),
            Lsn.parse(flushed),
            SIZE)
        .attempts()
        .stream()
        .map(segment -> segment.timeline() + ":" + segment.number())
        .toList();
  }

  private static List<WalSegment> segments(String text) {
    List<WalSegment> segments = new ArrayList<>();
    Arrays.stream(text.split(" ")).filter(part -> !part.isEmpty()).forEach(part -> {
      int colon = part.indexOf(':');
      segments.add(new WalSegment(
          new Timeline(Integer.parseInt(part.substring(0, colon))),
          Long.parseLong(part.substring(colon + 1)),
          SIZE));
    });
    return segments;
  }
}
