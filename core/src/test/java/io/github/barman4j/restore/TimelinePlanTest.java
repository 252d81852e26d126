package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Timeline 1 was left for 2 in the middle of segment 5; a later backup lies on timeline 1 behind the fork. */
class TimelinePlanTest {
  private static final Backup BEFORE =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");
  private static final Backup ASIDE =
      Backups.of("20261123T070000Z-0002", 1, "0/6000028", "0/6000138", "2026-11-23T07:00:10Z");
  private static final Backup AFTER =
      Backups.of("20261123T080000Z-0003", 2, "0/7000028", "0/7000138", "2026-11-23T08:00:10Z");

  private final FakeWal wal = new FakeWal()
      .history(2, "1\t0/5800000\tno recovery target specified\n")
      .archive(1, 2, 7)
      .archive(2, 5, 8)
      .commit(1, "0/5900000", 800, "2026-11-23T06:50:00Z")
      .commit(2, "0/5900000", 900, "2026-11-23T06:55:00Z");

  private RestorePlan plan(
      RecoveryTarget target, @Nullable Backup chosen, TargetTimeline timeline) {
    return RestorePlan.decide(new PlanInput(
        List.of(BEFORE, ASIDE, AFTER), List.of(), Map.of(), chosen, target, timeline, wal));
  }

  private static List<String> names(RestorePlan plan) {
    return plan.wal().stream()
        .map(piece -> piece.segment().name())
        .map(name -> name.charAt(7) + ":" + name.charAt(23))
        .toList();
  }

  @Test
  void followsTheLatestTimelineFromTheForkOn() {
    RestorePlan plan = plan(new RecoveryTarget.Latest(), BEFORE, new TargetTimeline.Latest());

    assertThat(names(plan)).containsExactly("1:2", "1:3", "1:4", "2:5", "2:6", "2:7", "2:8");
    assertThat(plan.timelineSetting()).isEqualTo("2");
    assertThat(plan.histories()).hasSize(1);
  }

  @Test
  void choosesNoBackupFromBehindTheFork() {
    wal.remove(2, 7).remove(2, 8);

    RestorePlan plan = plan(new RecoveryTarget.Immediate(), null, new TargetTimeline.Latest());

    assertThat(plan.backup()).isEqualTo(BEFORE);
  }

  @Test
  void followsTheOldTimelineWhenItIsNamed() {
    RestorePlan plan =
        plan(new RecoveryTarget.Latest(), null, new TargetTimeline.Exactly(new Timeline(1)));

    assertThat(plan.backup()).isEqualTo(ASIDE);
    assertThat(names(plan)).containsExactly("1:6", "1:7");
    assertThat(plan.timelineSetting()).isEqualTo("1");
    assertThat(plan.histories())
        .as("so that the server does not take number 2 again")
        .hasSize(1);
  }

  @Test
  void staysOnTheBackupsOwnTimelineWhenAskedTo() {
    RestorePlan plan = plan(new RecoveryTarget.Latest(), BEFORE, new TargetTimeline.Current());

    assertThat(names(plan)).containsExactly("1:2", "1:3", "1:4", "1:5", "1:6", "1:7");
  }

  @Test
  void aBackupBehindTheForkDecidesForItsTimeline() {
    RestorePlan plan = plan(new RecoveryTarget.Latest(), ASIDE, new TargetTimeline.Latest());

    assertThat(plan.timeline()).isEqualTo(new Timeline(1));
  }

  @Test
  void findsOnlyTransactionsOfThePath() {
    assertThat(names(plan(new RecoveryTarget.AtXid(900, true), null, new TargetTimeline.Latest())))
        .containsExactly("1:2", "1:3", "1:4", "2:5");
    assertThatThrownBy(
            () -> plan(new RecoveryTarget.AtXid(800, true), null, new TargetTimeline.Latest()))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE));
  }

  @Test
  void refusesABackupThatIsNotOnTheNamedTimeline() {
    assertThatThrownBy(() ->
            plan(new RecoveryTarget.Latest(), ASIDE, new TargetTimeline.Exactly(new Timeline(2))))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_REFUSED);
          assertThat(e.problem())
              .contains(ASIDE.id().value(), "0/6000138", "left timeline 1 at 0/5800000");
          assertThat(e.hint()).contains("barman.targetTimeline=1");
        });
  }

  @Test
  void refusesATimelineThatNobodyKnows() {
    assertThatThrownBy(() ->
            plan(new RecoveryTarget.Latest(), null, new TargetTimeline.Exactly(new Timeline(3))))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMELINE_UNKNOWN));
  }

  @Test
  void cutsTheOldSegmentAtTheForkWhenTheNewOneHasNotCome() {
    for (int number = 5; number <= 8; number++) {
      wal.remove(2, number);
    }

    RestorePlan plan = plan(new RecoveryTarget.Latest(), BEFORE, new TargetTimeline.Latest());

    assertThat(names(plan)).containsExactly("1:2", "1:3", "1:4", "1:5");
    assertThat(plan.wal().get(3).cut()).contains(Lsn.parse("0/5800000"));
    assertThat(plan.walEnd()).isEqualTo(Lsn.parse("0/5800000"));
  }

  @Test
  void prefersTheBeginningOfTheNewSegmentToTheOldOne() {
    for (int number = 5; number <= 8; number++) {
      wal.remove(2, number);
    }
    wal.partial(2, 5);

    RestorePlan plan = plan(new RecoveryTarget.Latest(), BEFORE, new TargetTimeline.Latest());

    assertThat(names(plan)).containsExactly("1:2", "1:3", "1:4", "2:5");
    assertThat(plan.usesPartialTail()).isTrue();
    assertThat(plan.wal().get(3).cut()).isEmpty();
  }

  @Test
  void takesTheBeginningOfTheOldSegmentUpToTheForkWhenThereIsNothingElse() {
    for (int number = 5; number <= 8; number++) {
      wal.remove(2, number).remove(1, number);
    }
    wal.partial(1, 5);

    RestorePlan plan = plan(new RecoveryTarget.Latest(), BEFORE, new TargetTimeline.Latest());

    assertThat(names(plan)).containsExactly("1:2", "1:3", "1:4", "1:5");
    assertThat(plan.wal().get(3).cut()).contains(Lsn.parse("0/5800000"));
  }
}
