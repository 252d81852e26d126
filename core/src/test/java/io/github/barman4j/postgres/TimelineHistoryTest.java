package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.TimelineHistory.Span;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineHistoryTest {
  private static final Timeline ONE = Timeline.FIRST;
  private static final Timeline TWO = new Timeline(2);
  private static final Timeline FOUR = new Timeline(4);

  private final TimelineHistory history = TimelineHistory.parse(FOUR, """
      # of the third of October
      1\t0/5000000\tno recovery target specified

      2\t0/7000028\tbefore 2026-11-23 06:10:11.123456+00
      """);

  @Test
  void readsWhatTheServerWrites() {
    assertThat(history.entries())
        .containsExactly(
            new TimelineHistory.Entry(ONE, Lsn.parse("0/5000000"), "no recovery target specified"),
            new TimelineHistory.Entry(
                TWO, Lsn.parse("0/7000028"), "before 2026-11-23 06:10:11.123456+00"));
    assertThat(history.path()).containsExactly(ONE, TWO, FOUR);
    assertThat(history.fileName()).isEqualTo("00000004.history");
    assertThat(history.contains(TWO)).isTrue();
    assertThat(history.contains(new Timeline(3))).isFalse();
  }

  @Test
  void leavesEachAncestorAtItsEnd() {
    assertThat(history.endOf(ONE)).contains(Lsn.parse("0/5000000"));
    assertThat(history.endOf(TWO)).contains(Lsn.parse("0/7000028"));
    assertThat(history.endOf(FOUR)).isEmpty();
    assertThat(history.endOf(new Timeline(3))).isEmpty();
    assertThat(history.timelineOf(Lsn.INVALID)).isEqualTo(ONE);
    assertThat(history.timelineOf(Lsn.parse("0/4FFFFFF"))).isEqualTo(ONE);
    assertThat(history.timelineOf(Lsn.parse("0/5000000"))).isEqualTo(TWO);
    assertThat(history.timelineOf(Lsn.parse("0/7000028"))).isEqualTo(FOUR);
    assertThat(history.timelineOf(new Lsn(-1))).isEqualTo(FOUR);
  }

  /** A standby that followed timeline 2 and was promoted before it had replayed up to where 2 began: 2 is never used. */
  @Test
  void leavesOutAnAncestorThatWasNeverReached() {
    TimelineHistory early = TimelineHistory.parse(FOUR, "1\t0/5000000\tx\n2\t0/4000000\ty\n");
    assertThat(early.spans())
        .containsExactly(
            new Span(ONE, Lsn.INVALID, Optional.of(Lsn.parse("0/4000000"))),
            new Span(FOUR, Lsn.parse("0/4000000"), Optional.empty()));
    assertThat(early.timelineOf(Lsn.parse("0/4800000"))).isEqualTo(FOUR);
    assertThat(early.endOf(ONE)).contains(Lsn.parse("0/4000000"));
  }

  @Test
  void isWholeWithoutAncestors() {
    assertThat(TimelineHistory.root(ONE).spans())
        .containsExactly(new Span(ONE, Lsn.INVALID, Optional.empty()));
    assertThat(TimelineHistory.parse(ONE, "")).isEqualTo(TimelineHistory.root(ONE));
  }

  @Test
  void readsALineWithoutAReason() {
    assertThat(TimelineHistory.parse(TWO, "1 0/5000000").entries())
        .containsExactly(new TimelineHistory.Entry(ONE, Lsn.parse("0/5000000"), ""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "x\t0/1\tr",
        "1\t0-1\tr",
        "0\t0/1\tr",
        "4\t0/1\tr",
        "5\t0/1\tr",
        "2\t0/1\tr\n1\t0/2\tr",
        "1\t0/1\tr\n1\t0/2\tr",
        "99999999999\t0/1\tr",
        "4294967295\t0/1\tr",
        "-1\t0/1\tr"
      })
  void refusesWhatNoServerWrites(String text) {
    assertThatThrownBy(() -> TimelineHistory.parse(FOUR, text))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMELINE_HISTORY_INVALID))
        .hasMessageContaining("history of timeline 4");
  }

  @Test
  void knowsTheNamesOfItsFiles() {
    assertThat(List.of("00000002.history", "0000001F.history"))
        .allMatch(TimelineHistory::isFileName);
    assertThat(List.of(
            "00000002.histor",
            "0000001f.history",
            "2.history",
            "00000002.history.gz",
            "000000010000000000000001"))
        .noneMatch(TimelineHistory::isFileName);
  }

  @ParameterizedTest
  @MethodSource("io.github.barman4j.postgres.GoldenWal#majors")
  void readsTheFileOfARealServer(int major) {
    TimelineHistory real = TimelineHistory.parse(TWO, GoldenWal.of(major).text("00000002.history"));
    assertThat(real.path()).containsExactly(ONE, TWO);
    assertThat(real.entries().get(0).reason()).isEqualTo("no recovery target specified");
  }
}
