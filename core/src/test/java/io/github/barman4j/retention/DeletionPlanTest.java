package io.github.barman4j.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeletionPlanTest {
  private static final Timeline SECOND = new Timeline(2);
  private static final Timeline THIRD = new Timeline(3);

  private final Backup one = backup(1, Map.of("a", 9L, "b", 9L));
  private final Backup two = backup(2, Map.of("b", 1L, "c", 9L));
  private final Backup three = backup(3, Map.of("b", 1L, "d", 9L));

  @Test
  void thePacksThatNobodyElseNeedsGo() {
    DeletionPlan plan = decide(one, List.of(one, two, three));
    assertThat(plan.packs()).containsExactly("a");
    assertThat(plan.sharedPacks()).isEqualTo(Map.of("b", List.of(two.id(), three.id())));
    assertThat(plan.reasons())
        .anyMatch(reason -> reason.equals(
            "1 packs stay: backups " + two.id() + ", " + three.id() + " refer to them"));
  }

  @Test
  void withTheOldestBackupGoesTheWalBeforeTheNextOne() {
    DeletionPlan plan = decide(one, List.of(one, two, three));
    assertThat(plan.wal()).extracting(WalSegment::number).containsExactly(0L, 1L, 2L, 3L);
    assertThat(decide(two, List.of(one, two, three)).wal())
        .extracting(WalSegment::number)
        .containsExactly(0L, 1L);
    assertThat(decide(two, List.of(two, three)).wal())
        .extracting(WalSegment::number)
        .containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void whenNoBackupRemainsTheWalStaysAndThePlanSaysSo() {
    DeletionPlan plan = decide(one, List.of(one));
    assertThat(plan.packs()).containsExactly("a", "b");
    assertThat(plan.wal()).isEmpty();
    assertThat(plan.reasons()).anyMatch(reason -> reason.startsWith("no backup remains: "));
  }

  @Test
  void walOfDescendantsStaysAndThatOfOtherBranchesGoes() {
    // Timeline 2 leaves 1 in segment 5, timeline 3 leaves 1 in segment 3; the backup that remains
    // begins in segment 4 of timeline 1.
    List<TimelineHistory> histories = List.of(history(SECOND, 5), history(THIRD, 3));
    List<WalSegment> wal = new ArrayList<>();
    for (int number = 2; number < 9; number++) {
      wal.add(segment(Timeline.FIRST, number));
      wal.add(segment(SECOND, number));
      wal.add(segment(THIRD, number));
    }
    DeletionPlan plan = decide(one, List.of(one, two), wal, histories);
    assertThat(plan.wal().stream().filter(each -> each.timeline().equals(Timeline.FIRST)))
        .extracting(WalSegment::number)
        .containsExactly(2L, 3L);
    assertThat(plan.wal().stream().filter(each -> each.timeline().equals(SECOND)))
        .extracting(WalSegment::number)
        .containsExactly(2L, 3L);
    assertThat(plan.wal().stream().filter(each -> each.timeline().equals(THIRD)))
        .hasSize(7);
  }

  @Test
  void walOfATimelineWithoutAHistoryStays() {
    List<WalSegment> wal = List.of(segment(SECOND, 3), segment(SECOND, 4), segment(THIRD, 8));
    assertThat(decide(one, List.of(one, two), wal, List.of()).wal())
        .containsExactly(segment(SECOND, 3));
  }

  @Test
  void walOfAnAncestorGoesWithItsLastBackup() {
    Backup later = onTimeline(3, SECOND);
    List<WalSegment> wal = List.of(
        segment(Timeline.FIRST, 2),
        segment(Timeline.FIRST, 7),
        segment(SECOND, 5),
        segment(SECOND, 6));
    assertThat(
            decide(one, List.of(one, later), wal, List.of(history(SECOND, 4))).wal())
        .containsExactly(wal.get(0), wal.get(1), wal.get(2));
  }

  @Test
  void refusesABackupThatIsNotThere() {
    assertThatThrownBy(() -> decide(one, List.of(two))).isInstanceOf(BarmanException.class);
  }

  @Test
  void whileAnEntryCannotBeReadNothingGoesThatItsBackupMayNeed() {
    CatalogEntries catalog = new CatalogEntries(List.of(one, three), List.of(damaged(two)));
    DeletionPlan plan = DeletionPlan.decide(one.id(), holdings(catalog, List.of()));
    assertThat(plan.packs()).isEmpty();
    assertThat(plan.wal()).isEmpty();
    assertThat(plan.sharedPacks())
        .isEqualTo(Map.of("a", List.of(two.id()), "b", List.of(two.id(), three.id())));
    assertThat(plan.reasons())
        .contains("all archived WAL stays: nobody knows what backup " + two.id() + " needs");
  }

  @Test
  void withTheBackupWhoseEntryCannotBeReadGoesWhatNoEntryLists() {
    CatalogEntries catalog = new CatalogEntries(List.of(three), List.of(damaged(two)));
    DeletionPlan plan = DeletionPlan.decide(two.id(), holdings(catalog, List.of()));
    assertThat(plan.backup()).isEqualTo(two.id());
    assertThat(plan.packs()).containsExactly("a", "c");
    assertThat(plan.sharedPacks()).isEmpty();
    assertThat(plan.wal()).hasSize(6);
    DeletionPlan beside = DeletionPlan.decide(two.id(), holdings(catalog, List.of(one.id())));
    assertThat(beside.packs()).as("another one has lost its entry").isEmpty();
    assertThat(beside.wal()).isEmpty();
    CatalogEntries both = new CatalogEntries(List.of(three), List.of(damaged(one), damaged(two)));
    assertThat(DeletionPlan.decide(two.id(), holdings(both, List.of())).packs()).isEmpty();
  }

  private static DamagedEntry damaged(Backup backup) {
    return new DamagedEntry(
        backup.id(), ErrorCode.REPOSITORY_DAMAGED, "object 'x' is damaged", "put it back");
  }

  private static Holdings holdings(CatalogEntries catalog, List<BackupId> withoutEntry) {
    return new Holdings(catalog, withoutEntry, List.of("a", "b", "c", "d"), wal(), List.of());
  }

  private static List<WalSegment> wal() {
    List<WalSegment> wal = new ArrayList<>();
    for (int number = 0; number < 10; number++) {
      wal.add(segment(Timeline.FIRST, number));
    }
    return wal;
  }

  private static DeletionPlan decide(Backup doomed, List<Backup> all) {
    return decide(doomed, all, wal(), List.of());
  }

  private static DeletionPlan decide(
      Backup doomed, List<Backup> all, List<WalSegment> wal, List<TimelineHistory> histories) {
    CatalogEntries catalog = new CatalogEntries(all, List.of());
    return DeletionPlan.decide(
        doomed.id(), new Holdings(catalog, List.of(), List.of(), wal, histories));
  }

  private static Backup backup(int number, Map<String, Long> packs) {
    BackupId id = StoredBackups.id(number);
    return StoredBackups.entry(id, number, BlockHash.of(new byte[0]), packs);
  }

  private static Backup onTimeline(int number, Timeline timeline) {
    Backup on = backup(number, Map.of());
    return new Backup(
        on.id(),
        on.name(),
        on.systemIdentifier(),
        on.postgres(),
        on.startedAt(),
        on.finishedAt(),
        on.beginLsn(),
        on.endLsn(),
        timeline,
        timeline,
        on.segmentSize(),
        on.tablespaces(),
        on.method(),
        on.parent(),
        on.manifestHash(),
        on.sizes(),
        on.packs(),
        on.compression(),
        on.took(),
        on.dataChecksums(),
        on.dataDirectory(),
        on.configurationFiles());
  }

  private static TimelineHistory history(Timeline timeline, int leftInSegment) {
    Lsn end = segment(Timeline.FIRST, leftInSegment).start().plus(0x1000);
    return new TimelineHistory(
        timeline, List.of(new TimelineHistory.Entry(Timeline.FIRST, end, "promoted")));
  }

  private static WalSegment segment(Timeline timeline, long number) {
    return new WalSegment(timeline, number, WalSegmentSize.DEFAULT);
  }
}
