package io.github.barman4j.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class LedgerDiffTest {
  private static final Horizon ALL = new Horizon.Everything();
  private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

  private final List<LedgerEntry> ledger = new ArrayList<>();

  @Test
  void losesNothingWhenAllThatWasAcknowledgedIsThere() {
    acked(1, 1, 100, 110);
    acked(2, 1, 120, 130);
    LedgerDiff diff = diff(ALL, "1/1", "2/1");
    assertThat(diff.acknowledged()).isEqualTo(2);
    assertThat(diff.lost()).isEmpty();
    assertThat(diff.phantoms()).isEmpty();
    assertThat(diff.nonPrefixLoss()).isEmpty();
    assertThat(diff.lostTime(nanosAt(1000))).isZero();
    assertThat(diff.lostBytes()).isZero();
  }

  @Test
  void countsWhatWasAcknowledgedAndIsAbsent() {
    acked(1, 1, 100, 110);
    acked(1, 2, 200, 210);
    acked(2, 1, 150, 160);
    LedgerDiff diff = diff(ALL, "1/1");
    assertThat(rows(diff.lost())).containsExactly("2/1", "1/2");
    assertThat(diff.nonPrefixLoss()).isEmpty();
    assertThat(diff.lostTime(nanosAt(300)))
        .isEqualTo(Duration.ofNanos(nanosAt(300) - nanosAt(160)));
    assertThat(diff.lostBytes()).isEqualTo(100);
    assertThat(diff.lastSurvivingAge(nanosAt(300)))
        .contains(Duration.ofNanos(nanosAt(300) - nanosAt(110)));
  }

  @Test
  void ordersLossByTheMonotonicClockAlsoWhenItWrapsAround() {
    ledger.add(entry(1, 1, Outcome.ACKED, 100, 110, Long.MAX_VALUE - 5));
    ledger.add(entry(1, 2, Outcome.ACKED, 200, 210, Long.MIN_VALUE + 5));
    LedgerDiff diff = diff(ALL);
    assertThat(rows(diff.lost())).containsExactly("1/1", "1/2");
    assertThat(diff.lostTime(Long.MIN_VALUE + 9)).isEqualTo(Duration.ofNanos(15));
  }

  @Test
  void callsAHoleBelowASurvivorANonPrefixLoss() {
    acked(1, 1, 100, 110);
    acked(1, 2, 120, 130);
    acked(1, 3, 140, 150);
    acked(2, 1, 160, 170);
    LedgerDiff diff = diff(ALL, "1/1", "1/3");
    assertThat(rows(diff.lost())).containsExactly("1/2", "2/1");
    assertThat(rows(diff.nonPrefixLoss())).containsExactly("1/2");
  }

  @Test
  void takesAFailedOrUnknownHoleForNone() {
    acked(1, 1, 100, 110);
    ledger.add(entry(1, 2, Outcome.FAILED, 0, 0, 3));
    ledger.add(entry(1, 3, Outcome.UNKNOWN, 130, 0, 4));
    acked(1, 4, 140, 150);
    LedgerDiff diff = diff(ALL, "1/1", "1/4");
    assertThat(diff.nonPrefixLoss()).isEmpty();
    assertThat(diff.lost()).isEmpty();
    assertThat(rows(diff.unknownNotRecovered())).containsExactly("1/3");
  }

  @Test
  void listsUnknownApartAndNeverAsLossOrPhantom() {
    ledger.add(entry(1, 1, Outcome.UNKNOWN, 100, 0, 1));
    ledger.add(entry(2, 1, Outcome.UNKNOWN, 110, 0, 2));
    LedgerDiff diff = diff(ALL, "2/1");
    assertThat(diff.acknowledged()).isZero();
    assertThat(diff.lost()).isEmpty();
    assertThat(diff.phantoms()).isEmpty();
    assertThat(rows(diff.unknownRecovered())).containsExactly("2/1");
    assertThat(rows(diff.unknownNotRecovered())).containsExactly("1/1");
  }

  @Test
  void callsRowsThatNobodyWroteAndRowsThatFailedPhantoms() {
    ledger.add(entry(1, 1, Outcome.FAILED, 0, 0, 1));
    assertThat(diff(ALL, "1/1", "3/9").phantoms())
        .containsExactly(new RowKey(1, 1), new RowKey(3, 9));
  }

  @Test
  void countsAnAcknowledgedCommitWithoutAPositionAsLost() {
    ledger.add(entry(1, 1, Outcome.ACKED, 100, 0, 1));
    assertThat(diff(ALL).lost()).hasSize(1);
  }

  @Nested
  class WithATargetPosition {
    private final Horizon target = new Horizon.Position(new Lsn(150), new Lsn(180));

    @Test
    void demandsWhatLiesBeforeIt() {
      acked(1, 1, 100, 110);
      acked(2, 1, 140, 150);
      acked(3, 1, 140, 151);
      acked(4, 1, 190, 200);
      LedgerDiff diff = diff(target, "1/1");
      assertThat(diff.acknowledged()).isEqualTo(2);
      assertThat(rows(diff.lost())).containsExactly("2/1");
      assertThat(diff.lostBytes()).isEqualTo(40);
    }

    @Test
    void forbidsWhatLiesBehindIt() {
      acked(1, 1, 179, 190);
      acked(2, 1, 180, 190);
      ledger.add(entry(3, 1, Outcome.UNKNOWN, 185, 0, 9));
      LedgerDiff diff = diff(target, "1/1", "2/1", "3/1");
      assertThat(rows(diff.overshoot())).containsExactly("2/1", "3/1");
      assertThat(diff.lost()).isEmpty();
    }

    @Test
    void doesNotDemandAnAcknowledgementWithoutAPosition() {
      ledger.add(entry(1, 1, Outcome.ACKED, 100, 0, 1));
      assertThat(diff(target).lost()).isEmpty();
    }

    @Test
    void seesAHoleInTheUncertainZone() {
      acked(1, 1, 155, 160);
      acked(1, 2, 161, 170);
      assertThat(rows(diff(target, "1/2").nonPrefixLoss())).containsExactly("1/1");
    }
  }

  @Nested
  class WithATargetTime {
    private final Instant at = EPOCH.plusSeconds(10);

    private Horizon target(Map<RowKey, Instant> commitTimes) {
      return new Horizon.Time(at, new Lsn(150), commitTimes);
    }

    @Test
    void demandsWhatIsEarlierByTheServersClockAndByPosition() {
      acked(1, 1, 100, 110);
      acked(2, 1, 140, 170);
      LedgerDiff diff = diff(target(Map.of(new RowKey(1, 1), at, new RowKey(2, 1), at)));
      assertThat(rows(diff.lost())).containsExactly("1/1");
    }

    @Test
    void forbidsWhatIsLaterByTheServersClock() {
      acked(1, 1, 100, 110);
      acked(2, 1, 100, 110);
      LedgerDiff diff = diff(
          target(Map.of(new RowKey(1, 1), at.plusNanos(1000), new RowKey(2, 1), at)), "1/1", "2/1");
      assertThat(rows(diff.overshoot())).containsExactly("1/1");
    }

    @Test
    void leavesOpenWhatHasNoTime() {
      acked(1, 1, 100, 110);
      assertThat(diff(target(Map.of())).lost()).isEmpty();
      assertThat(diff(target(Map.of()), "1/1").overshoot()).isEmpty();
    }
  }

  private void acked(int writer, long seq, long before, long after) {
    ledger.add(entry(writer, seq, Outcome.ACKED, before, after, nanosAt(after)));
  }

  private static long nanosAt(long position) {
    return position * 1_000;
  }

  private static LedgerEntry entry(
      int writer, long seq, Outcome outcome, long before, long after, long nanos) {
    return new LedgerEntry(
        new RowKey(writer, seq),
        outcome,
        700 + seq,
        new Lsn(before),
        new Lsn(after),
        nanos,
        EPOCH.plusNanos(after));
  }

  private LedgerDiff diff(Horizon horizon, String... present) {
    Set<RowKey> rows = Arrays.stream(present)
        .map(text -> text.split("/"))
        .map(parts -> new RowKey(Integer.parseInt(parts[0]), Long.parseLong(parts[1])))
        .collect(Collectors.toSet());
    return LedgerDiff.of(ledger, rows, horizon);
  }

  private static List<String> rows(List<LedgerEntry> entries) {
    return entries.stream().map(entry -> entry.row().toString()).toList();
  }
}
