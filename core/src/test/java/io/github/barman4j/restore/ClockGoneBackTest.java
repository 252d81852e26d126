package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The server's clock jumps back by an hour: the log is not ordered by time, and the server stops at the first that is late enough. */
class ClockGoneBackTest {
  private static final Backup FIRST =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");

  /** Began at 07:59 by the clock and ended at 07:00:05, after the jump. */
  private static final Backup DURING =
      Backups.of("20261123T075900Z-0002", 1, "0/4000028", "0/4000900", "2026-11-23T07:00:05Z");

  /** Wholly after the jump. */
  private static final Backup AFTER =
      Backups.of("20261123T071000Z-0003", 1, "0/5000028", "0/5000138", "2026-11-23T07:10:10Z");

  private final FakeWal wal = new FakeWal()
      .archive(1, 2, 7)
      .commit(1, "0/2000800", 701, "2026-11-23T06:30:00Z")
      .commit(1, "0/3000100", 702, "2026-11-23T07:30:00Z")
      .commit(1, "0/3000900", 703, "2026-11-23T07:58:00Z")
      .commit(1, "0/4000200", 704, "2026-11-23T07:59:30Z")
      // back by an hour
      .commit(1, "0/4000800", 705, "2026-11-23T07:00:01Z")
      .commit(1, "0/5000800", 706, "2026-11-23T07:20:00Z")
      .commit(1, "0/6000100", 707, "2026-11-23T07:40:00Z")
      .commit(1, "0/7000100", 708, "2026-11-23T08:10:00Z");

  private RestorePlan plan(String time, List<Backup> backups) {
    return RestorePlan.decide(new PlanInput(
        backups,
        List.of(),
        Map.of(),
        null,
        new RecoveryTarget.AtTime(Instant.parse(time), true),
        new TargetTimeline.Latest(),
        wal));
  }

  private static String last(RestorePlan plan) {
    return plan.wal().get(plan.wal().size() - 1).segment().name().substring(18);
  }

  @Test
  void stopsAtTheFirstTransactionInTheLogThatIsLateEnough() {
    RestorePlan plan = plan("2026-11-23T07:25:00Z", List.of(FIRST));

    assertThat(plan.backup()).isEqualTo(FIRST);
    assertThat(last(plan)).as("before the jump").isEqualTo("000003");
    assertThat(plan.reasons())
        .anyMatch(reason -> reason.contains("clock went back") && reason.contains("LSN"));
  }

  /** Recovery from it would stop at 0/4000200, before the end of the backup, and that is FATAL. */
  @Test
  void passesOverTheBackupThatTheJumpLiesIn() {
    RestorePlan plan = plan("2026-11-23T07:25:00Z", List.of(FIRST, DURING));

    assertThat(plan.backup()).isEqualTo(FIRST);
    assertThat(plan.reasons())
        .anyMatch(reason ->
            reason.contains(DURING.id() + " is passed over") && reason.contains("0/4000200"));
  }

  @Test
  void refusesWhenOnlySuchABackupIsThere() {
    BarmanException refusal = catchThrowableOfType(
        BarmanException.class, () -> plan("2026-11-23T07:25:00Z", List.of(DURING)));

    assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE);
    assertThat(refusal.problem()).contains("clock went back", "0/4000200", "07:59:30");
    assertThat(refusal.hint()).contains("barman.targetLsn=0/4000900");
  }

  @Test
  void aBackupAfterTheJumpLeadsToTheSecondTime() {
    RestorePlan plan = plan("2026-11-23T07:25:00Z", List.of(FIRST, DURING, AFTER));

    assertThat(plan.backup()).isEqualTo(AFTER);
    assertThat(last(plan)).isEqualTo("000006");
  }

  /** 0/4000200 ended later than the target, but it lies before the backup. */
  @Test
  void transactionsBeforeTheBackupDoNotStopIt() {
    Backup late =
        Backups.of("20261123T070200Z-0004", 1, "0/4000A28", "0/4000B00", "2026-11-23T07:02:10Z");

    RestorePlan plan = plan("2026-11-23T07:25:00Z", List.of(late));

    assertThat(plan.backup()).isEqualTo(late);
    assertThat(last(plan)).isEqualTo("000006");
  }

  @Test
  void aPositionIsExactWhateverTheClockSays() {
    RestorePlan plan = RestorePlan.decide(new PlanInput(
        List.of(FIRST, DURING, AFTER),
        List.of(),
        Map.of(),
        null,
        new RecoveryTarget.AtLsn(Lsn.parse("0/4000900"), true),
        new TargetTimeline.Latest(),
        wal));

    assertThat(plan.backup()).isEqualTo(DURING);
  }

  @Test
  void theWindowsSayWhereTheClockWentBack() {
    Recoverability recoverable = Recoverability.of(new PlanInput(
        List.of(FIRST),
        List.of(),
        Map.of(),
        null,
        new RecoveryTarget.Latest(),
        new TargetTimeline.Latest(),
        wal));

    assertThat(recoverable.lines().get(0).windows().get(0).clockSteps())
        .containsExactly(
            new Recoverability.ClockStep(
                Lsn.parse("0/4000000"),
                Instant.parse("2026-11-23T07:58:00Z"),
                Instant.parse("2026-11-23T07:00:01Z")),
            new Recoverability.ClockStep(
                Lsn.parse("0/5000000"),
                Instant.parse("2026-11-23T07:59:30Z"),
                Instant.parse("2026-11-23T07:20:00Z")),
            new Recoverability.ClockStep(
                Lsn.parse("0/6000000"),
                Instant.parse("2026-11-23T07:59:30Z"),
                Instant.parse("2026-11-23T07:40:00Z")));
  }
}
