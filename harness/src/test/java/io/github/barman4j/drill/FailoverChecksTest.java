package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Backups;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.restore.WalPiece;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LedgerDiff;
import io.github.barman4j.workload.LedgerEntry;
import io.github.barman4j.workload.Outcome;
import io.github.barman4j.workload.RowKey;
import io.github.barman4j.workload.TableHashes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FailoverChecksTest {
  private static final int MIB = 1 << 20;
  private static final Lsn FORK = new Lsn(5L * MIB + 400);
  private static final TimelineHistory HISTORY = new TimelineHistory(
      new Timeline(2), List.of(new TimelineHistory.Entry(Timeline.FIRST, FORK, "no target")));
  private static final Backup FIRST =
      Backups.backup("20261126T120000Z-0001", null, "0/100028", "0/100100", Instant.EPOCH);

  @Test
  void lossBehindTheForkIsTheStandbysLag() {
    LedgerDiff diff = lost(FORK.plus(16), FORK.plus(64));
    assertThat(FailoverChecks.tail(diff, HISTORY).passed()).isTrue();
    Rpo rpo = FailoverChecks.onOldTimeline(rpo(), diff, HISTORY);
    assertThat(rpo.bytes()).isEqualTo(64);
    assertThat(rpo.lostTransactions()).isEqualTo(2);
  }

  @Test
  void failsForALossBeforeTheFork() {
    assertThat(FailoverChecks.tail(lost(FORK), HISTORY).passed()).isFalse();
    assertThat(FailoverChecks.tail(lost(FORK.plus(16), new Lsn(FORK.value() - 16)), HISTORY)
            .detail())
        .startsWith("2 commits are lost, 1 of them before the fork");
  }

  @Test
  void failsForAnotherHistory() {
    TimelineHistory other = new TimelineHistory(
        new Timeline(2),
        List.of(new TimelineHistory.Entry(Timeline.FIRST, FORK.plus(8), "no target")));
    assertThat(FailoverChecks.history(HISTORY, HISTORY).passed()).isTrue();
    assertThat(FailoverChecks.history(other, HISTORY).passed()).isFalse();
    assertThat(FailoverChecks.history(TimelineHistory.root(Timeline.FIRST), HISTORY)
            .passed())
        .isFalse();
  }

  @Test
  void failsForLogOfATimelineThatWasLeft() {
    List<WalPiece> right = List.of(piece(1, 4, null), piece(2, 5, null), piece(2, 6, null));
    assertThat(FailoverChecks.timelines(right, HISTORY).passed()).isTrue();
    assertThat(FailoverChecks.timelines(List.of(piece(1, 5, FORK)), HISTORY).passed())
        .as("cut off at the fork")
        .isTrue();
    for (WalPiece wrong : List.of(
        piece(1, 5, null), piece(1, 5, FORK.plus(8)), piece(1, 6, null), piece(3, 5, null))) {
      assertThat(FailoverChecks.timelines(List.of(right.get(0), wrong), HISTORY))
          .satisfies(check -> assertThat(check.passed()).isFalse())
          .satisfies(
              check -> assertThat(check.detail()).contains(wrong.segment().name()));
    }
  }

  @Test
  void failsWhenTheNextBackupIsNotOneOfTheNewTimelineBesideTheFirst() {
    assertThat(FailoverChecks.backup(later(2, FIRST), FIRST).passed()).isTrue();
    assertThat(FailoverChecks.backup(later(1, FIRST), FIRST).passed()).isFalse();
    assertThat(FailoverChecks.backup(later(2, null), FIRST).passed()).isFalse();
  }

  @Test
  void failsWhenATableDiffersFromTheNewPrimarys() {
    TableHashes right = tables("a");
    assertThat(FailoverChecks.equal(right, tables("a")).passed()).isTrue();
    assertThat(FailoverChecks.equal(right, tables("b")).detail())
        .isEqualTo("table t has 1 rows instead of 1 with other content");
  }

  private static TableHashes tables(String hash) {
    return new TableHashes(new TreeMap<>(Map.of("t", new TableHashes.TableHash(1, hash))));
  }

  private static WalPiece piece(int timeline, long number, Lsn cut) {
    return new WalPiece(
        new WalSegment(new Timeline(timeline), number, new WalSegmentSize(MIB)), null, cut);
  }

  private static LedgerDiff lost(Lsn... ends) {
    List<LedgerEntry> entries = new ArrayList<>();
    for (int i = 0; i < ends.length; i++) {
      entries.add(new LedgerEntry(
          new RowKey(i + 1, 1), Outcome.ACKED, 7, Lsn.INVALID, ends[i], 3, Instant.EPOCH));
    }
    return LedgerDiff.of(entries, Set.of(), new Horizon.Everything());
  }

  private static Rpo rpo() {
    return new Rpo(9, 2, Duration.ZERO, 0, 0, 0, 0, 0, 0, Optional.empty());
  }

  private static Backup later(int timeline, Backup parent) {
    return new Backup(
        FIRST.id(),
        Optional.empty(),
        FIRST.systemIdentifier(),
        FIRST.postgres(),
        FIRST.startedAt(),
        FIRST.finishedAt(),
        FIRST.beginLsn(),
        FIRST.endLsn(),
        new Timeline(timeline),
        new Timeline(timeline),
        FIRST.segmentSize(),
        List.of(),
        "stream",
        Optional.ofNullable(parent).map(Backup::id),
        FIRST.manifestHash(),
        FIRST.sizes(),
        FIRST.packs(),
        "none",
        Duration.ZERO,
        true,
        "",
        List.of());
  }
}
