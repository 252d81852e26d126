package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.testing.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RecoverabilityTest {
  private static final Backup FIRST =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");
  private static final Backup SECOND =
      Backups.of("20261123T070000Z-0002", 1, "0/4000028", "0/4000100", "2026-11-23T07:00:10Z");
  private static final Instant BEGIN = Instant.parse("2026-11-23T05:00:00Z");

  private final FakeWal wal = new FakeWal()
      .archive(1, 2, 6)
      .partial(1, 7)
      .commit(1, "0/2000800", 701, "2026-11-23T06:00:20Z")
      .point(1, "0/3000800", "before-import", "2026-11-23T06:31:00Z")
      .commit(1, "0/5000200", 730, "2026-11-23T07:30:00Z")
      .commit(1, "0/7000200", 740, "2026-11-23T08:00:00Z");

  private static PlanInput input(
      List<Backup> backups, Map<BackupId, String> damaged, RecoveryTarget target, FakeWal wal) {
    return new PlanInput(
        backups, List.of(), damaged, null, target, new TargetTimeline.Latest(), wal);
  }

  private Recoverability recoverable(Map<BackupId, String> damaged) {
    return Recoverability.of(
        input(List.of(FIRST, SECOND), damaged, new RecoveryTarget.Latest(), wal));
  }

  private Reachability reach(RecoveryTarget target) {
    return Reachability.of(input(List.of(FIRST, SECOND), Map.of(), target, wal));
  }

  @Test
  void backupsOfOneStretchShareAWindow() {
    Recoverability.Line line = recoverable(Map.of()).lines().get(0);

    assertThat(line.timeline()).isEqualTo(Timeline.FIRST);
    assertThat(line.history()).isEmpty();
    assertThat(line.unusable()).isEmpty();
    assertThat(line.windows())
        .containsExactly(new Recoverability.Window(
            Lsn.parse("0/2000138"),
            Optional.of(Lsn.parse("0/7000200")),
            Lsn.parse("0/7000300"),
            Instant.parse("2026-11-23T06:00:10Z"),
            Optional.of(Instant.parse("2026-11-23T08:00:00Z")),
            List.of(FIRST.id(), SECOND.id()),
            List.of(new Recoverability.Point(
                "before-import", Lsn.parse("0/3000800"), Instant.parse("2026-11-23T06:31:00Z"))),
            null,
            true,
            List.of()));
  }

  @Test
  void aGapDividesTwoWindowsAndIsNamed() {
    wal.remove(1, 3);

    List<Recoverability.Window> windows = recoverable(Map.of()).lines().get(0).windows();

    assertThat(windows).hasSize(2);
    assertThat(windows.get(0).gap()).contains("000000010000000000000003");
    assertThat(windows.get(0).end()).isEqualTo(Lsn.parse("0/3000000"));
    assertThat(windows.get(0).backups()).containsExactly(FIRST.id());
    assertThat(windows.get(1).from()).isEqualTo(SECOND.endLsn());
    assertThat(windows.get(1).gap()).isEmpty();
  }

  @Test
  void aBackupWhoseWalIsMissingServesNothing() {
    wal.remove(1, 4);

    Recoverability.Line line = recoverable(Map.of()).lines().get(0);

    assertThat(line.windows()).hasSize(1);
    assertThat(line.unusable()).hasSize(1).first().satisfies(unusable -> {
      assertThat(unusable.backup()).isEqualTo(SECOND.id());
      assertThat(unusable.reason()).contains("000000010000000000000004");
    });
  }

  @Test
  void aDamagedBackupServesNothing() {
    Recoverability.Line line =
        recoverable(Map.of(FIRST.id(), "bad page")).lines().get(0);

    assertThat(line.unusable().get(0).reason()).contains("bad page");
    assertThat(line.windows()).hasSize(1);
    assertThat(line.windows().get(0).from()).isEqualTo(SECOND.endLsn());
  }

  @Test
  void eachTimelineHasALineWithItsAncestors() {
    wal.history(2, "1\t0/5800000\tno recovery target specified\n").archive(2, 5, 8);

    Recoverability recoverable = recoverable(Map.of());

    assertThat(recoverable.lines()).extracting(line -> line.timeline().id()).containsExactly(1, 2);
    assertThat(recoverable.lines().get(1).history())
        .containsExactly(new Recoverability.Fork(Timeline.FIRST, Lsn.parse("0/5800000")));
    assertThat(recoverable.lines().get(1).windows().get(0).end()).isEqualTo(Lsn.parse("0/9000000"));
  }

  @Test
  void nothingIsRecoverableWithoutABackup() {
    assertThat(Recoverability.of(input(List.of(), Map.of(), new RecoveryTarget.Latest(), wal))
            .lines())
        .isEmpty();
    assertThat(Reachability.of(input(List.of(), Map.of(), new RecoveryTarget.Latest(), wal)))
        .isInstanceOfSatisfying(
            Reachability.Unreachable.class,
            no -> assertThat(no.code()).isEqualTo(ErrorCode.BACKUP_UNKNOWN));
  }

  @Test
  void answersForOneTarget() {
    assertThat(reach(new RecoveryTarget.AtName("before-import")))
        .isInstanceOfSatisfying(
            Reachability.Reachable.class, yes -> assertThat(yes.plan().backup()).isEqualTo(FIRST));
    assertThat(reach(new RecoveryTarget.AtLsn(Lsn.parse("0/7000201"), true)))
        .isInstanceOfSatisfying(Reachability.Unreachable.class, no -> {
          assertThat(no.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE);
          assertThat(no.hint()).contains("barman.targetLsn=0/7000200");
        });
  }

  /**
   * What the windows say and what a plan decides is the same for every target: a log with random gaps, backups, some of them damaged,
   * and commits.
   */
  @Seeds(60)
  void windowsAndPlansNeverDisagree(RandomGenerator random) {
    FakeWal log = new FakeWal();
    int segments = random.nextInt(3, 14);
    for (int number = 1; number <= segments; number++) {
      if (random.nextInt(6) > 0) {
        log.archive(1, number, number);
      }
    }
    if (random.nextBoolean()) {
      log.partial(1, segments + 1);
    }
    long end = (segments + 2L) << 24;
    List<Long> positions = random
        .longs(random.nextInt(0, 25), 1 << 24, end)
        .map(position -> position & ~255)
        .sorted()
        .distinct()
        .boxed()
        .toList();
    for (long position : positions) {
      log.commit(
          1,
          new Lsn(position).toString(),
          700 + position / 256,
          timeOf(position).toString());
    }
    List<Backup> backups = new ArrayList<>();
    Map<BackupId, String> damaged = new HashMap<>();
    for (int i = 0; i < random.nextInt(1, 5); i++) {
      long from = random.nextLong(1 << 24, end) & ~7;
      long to = from + 128 + (random.nextLong(1 << 25) & ~7);
      Backup backup = Backups.of(
          String.format(Locale.ROOT, "20261123T0%d0000Z-000%d", i, i),
          1,
          new Lsn(from).toString(),
          new Lsn(to).toString(),
          timeOf(to).toString());
      backups.add(backup);
      if (random.nextInt(5) == 0) {
        damaged.put(backup.id(), "bad");
      }
    }
    Recoverability recoverable =
        Recoverability.of(input(backups, damaged, new RecoveryTarget.Latest(), log));
    List<Recoverability.Window> windows = recoverable.lines().get(0).windows();
    for (int i = 0; i < 200; i++) {
      long position = random.nextLong(1 << 24, end);
      Lsn lsn = new Lsn(position);
      assertThat(plans(input(backups, damaged, new RecoveryTarget.AtLsn(lsn, true), log)))
          .as("LSN %s in %s", lsn, windows)
          .isEqualTo(windows.stream().anyMatch(window -> window.reaches(lsn)));
      Instant time = timeOf(position);
      assertThat(plans(input(backups, damaged, new RecoveryTarget.AtTime(time, true), log)))
          .as("time %s in %s", time, windows)
          .isEqualTo(windows.stream().anyMatch(window -> window.reaches(time)));
    }
    Recoverability.Window last = windows.isEmpty() ? null : windows.get(windows.size() - 1);
    assertThat(plans(input(backups, damaged, new RecoveryTarget.Latest(), log)))
        .as("everything in %s", windows)
        .isEqualTo(last != null && last.gap().isEmpty());
  }

  /** A clock that goes with the positions. */
  private static Instant timeOf(long position) {
    return BEGIN.plusMillis(position >> 8);
  }

  private static boolean plans(PlanInput input) {
    try {
      RestorePlan.decide(input);
      return true;
    } catch (BarmanException e) {
      return false;
    }
  }
}
