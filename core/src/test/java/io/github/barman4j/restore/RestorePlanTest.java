package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.WalGapException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestorePlanTest {
  // Segment n of 16 MiB begins at 0/n000000.
  private static final Backup FIRST =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");
  private static final Backup SECOND =
      Backups.of("20261123T070000Z-0002", 1, "0/4000028", "0/4000100", "2026-11-23T07:00:10Z");

  private final FakeWal wal = new FakeWal()
      .archive(1, 2, 6)
      .partial(1, 7)
      .commit(1, "0/2000800", 701, "2026-11-23T06:00:20Z")
      .commit(1, "0/3000100", 710, "2026-11-23T06:30:00Z")
      .point(1, "0/3000800", "before-import", "2026-11-23T06:31:00Z")
      .commit(1, "0/4000200", 720, "2026-11-23T07:00:20Z")
      .commit(1, "0/5000200", 730, "2026-11-23T07:30:00Z")
      .commit(1, "0/7000200", 740, "2026-11-23T08:00:00Z");

  private RestorePlan plan(RecoveryTarget target) {
    return plan(target, null);
  }

  private RestorePlan plan(RecoveryTarget target, @Nullable Backup chosen) {
    return plan(target, chosen, new TargetTimeline.Latest());
  }

  private RestorePlan plan(
      RecoveryTarget target, @Nullable Backup chosen, TargetTimeline timeline) {
    return RestorePlan.decide(
        new PlanInput(List.of(FIRST, SECOND), List.of(), Map.of(), chosen, target, timeline, wal));
  }

  private BarmanException refusal(RecoveryTarget target) {
    return refusal(target, null);
  }

  private BarmanException refusal(RecoveryTarget target, @Nullable Backup chosen) {
    BarmanException refusal =
        catchThrowableOfType(BarmanException.class, () -> plan(target, chosen));
    assertThat(refusal).as("a refusal of %s", target.describe()).isNotNull();
    return refusal;
  }

  private static RecoveryTarget atTime(String time, boolean inclusive) {
    return new RecoveryTarget.AtTime(Instant.parse(time), inclusive);
  }

  private static RecoveryTarget atLsn(String lsn) {
    return new RecoveryTarget.AtLsn(Lsn.parse(lsn), true);
  }

  private static List<String> names(RestorePlan plan) {
    return plan.wal().stream()
        .map(piece -> piece.segment().name().substring(18))
        .toList();
  }

  @Nested
  class Latest {
    @Test
    void takesTheNewestBackupAndAllWalWithThePartialTail() {
      RestorePlan plan = plan(new RecoveryTarget.Latest());

      assertThat(plan.backup()).isEqualTo(SECOND);
      assertThat(names(plan)).containsExactly("000004", "000005", "000006", "000007");
      assertThat(plan.usesPartialTail()).isTrue();
      assertThat(plan.walEnd()).isEqualTo(Lsn.parse("0/7000300"));
      assertThat(plan.timelineSetting()).isEqualTo("1");
      assertThat(plan.reasons()).anyMatch(reason -> reason.contains(SECOND.id() + ", the newest"));
    }

    @Test
    void takesTheBackupThatIsNamed() {
      RestorePlan plan = plan(new RecoveryTarget.Latest(), FIRST);

      assertThat(plan.backup()).isEqualTo(FIRST);
      assertThat(names(plan)).hasSize(6);
    }

    @Test
    void goesOnWithWholeSegmentsThatAreStillInTheSpool() {
      wal.spooledWhole(1, 7).archive(1, 8, 8);

      assertThat(names(plan(new RecoveryTarget.Latest())))
          .containsExactly("000004", "000005", "000006", "000007", "000008");
    }

    @Test
    void refusesAGapAndNamesTheSegmentAndTheNearestPoint() {
      wal.remove(1, 5);

      BarmanException refusal = refusal(new RecoveryTarget.Latest());

      assertThat(refusal).isInstanceOf(WalGapException.class);
      assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(refusal.problem())
          .contains("000000010000000000000005", SECOND.id().value(), "0/5000000");
      assertThat(refusal.hint()).contains("barman.targetLsn=0/4FFFF00");
    }

    @Test
    void fallsBackToAnOlderBackupOnlyWhenItsWalIsComplete() {
      wal.remove(1, 4);

      BarmanException refusal = refusal(new RecoveryTarget.Latest());

      assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(refusal.problem()).contains("000000010000000000000004");
      assertThat(refusal.hint()).contains("barman.targetLsn=0/3FFFF00");
    }

    @Test
    void refusesWithoutABackup() {
      BarmanException refusal = catchThrowableOfType(
          BarmanException.class,
          () -> RestorePlan.decide(new PlanInput(
              List.of(),
              List.of(),
              Map.of(),
              null,
              new RecoveryTarget.Latest(),
              new TargetTimeline.Latest(),
              wal)));

      assertThat(refusal.code()).isEqualTo(ErrorCode.BACKUP_UNKNOWN);
    }

    @Test
    void refusesABackupWhoseStartSegmentIsMissing() {
      wal.remove(1, 2);

      BarmanException refusal = refusal(new RecoveryTarget.Latest(), FIRST);

      assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(refusal.problem()).contains("000000010000000000000002", "consistent");
    }

    @Test
    void leavesOutATailWithoutAnyWholeRecord() {
      wal.archive(1, 7, 7).partial(1, 8);

      RestorePlan plan = plan(new RecoveryTarget.Latest());

      assertThat(names(plan)).last().isEqualTo("000007");
      assertThat(plan.usesPartialTail()).isFalse();
    }
  }

  @Nested
  class Immediate {
    @Test
    void needsOnlyTheWalOfTheBackup() {
      assertThat(names(plan(new RecoveryTarget.Immediate()))).containsExactly("000004");
    }

    @Test
    void passesOverABackupWhoseWalIsMissing() {
      wal.remove(1, 4);

      RestorePlan plan = plan(new RecoveryTarget.Immediate());

      assertThat(plan.backup()).isEqualTo(FIRST);
      assertThat(plan.reasons())
          .anyMatch(reason -> reason.contains(SECOND.id() + " is passed over")
              && reason.contains("000000010000000000000004"));
    }
  }

  @Nested
  class AtLsn {
    @ParameterizedTest
    @CsvSource({
      "0/2000138, first, 000002",
      "0/2FFFF00, first, 000002",
      "0/2FFFF08, first, 000003",
      "0/3000000, first, 000003",
      "0/40000FF, first, 000004",
      "0/4000100, second, 000004",
      "0/6FFFF00, second, 000006",
      "0/7000200, second, 000007",
    })
    void takesTheNewestBackupBeforeItAndTheWalUpToTheRecordThatStops(
        String lsn, String backup, String lastSegment) {
      RestorePlan plan = plan(atLsn(lsn));

      assertThat(plan.backup()).isEqualTo(backup.equals("first") ? FIRST : SECOND);
      assertThat(names(plan)).last().isEqualTo(lastSegment);
    }

    @Test
    void refusesBeforeTheEndOfTheEarliestBackup() {
      BarmanException refusal = refusal(atLsn("0/2000137"));

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
      assertThat(refusal.problem()).contains("0/2000137", FIRST.id().value(), "0/2000138");
      assertThat(refusal.hint()).contains("barman.targetImmediate");
    }

    @Test
    void namesTheBackupThatWouldServeWhenTheNamedOneIsTooLate() {
      BarmanException refusal = refusal(atLsn("0/3000000"), SECOND);

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
      assertThat(refusal.hint())
          .contains("backup " + FIRST.id())
          .contains("leave barman.backup out");
    }

    @Test
    void refusesBehindTheStartOfTheLastRecord() {
      BarmanException refusal = refusal(atLsn("0/7000201"));

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE);
      assertThat(refusal.problem()).contains("0/7000201", "0/7000300");
      assertThat(refusal.hint()).contains("barman.targetLsn=0/7000200");
    }

    @Test
    void refusesBehindAGapAndReachesWhatLiesBeforeIt() {
      wal.remove(1, 5);

      assertThat(refusal(atLsn("0/6000000")).code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(names(plan(atLsn("0/4FFFF00")))).containsExactly("000004");
    }
  }

  @Nested
  class AtTime {
    @ParameterizedTest
    @CsvSource({
      "2026-11-23T06:00:10Z, true,  first,  000002",
      "2026-11-23T06:00:20Z, true,  first,  000003",
      "2026-11-23T06:00:20Z, false, first,  000002",
      "2026-11-23T07:00:09.999999Z, true, first, 000004",
      "2026-11-23T07:00:10Z, true,  second, 000004",
      "2026-11-23T07:59:59.999999Z, true, second, 000007",
      "2026-11-23T08:00:00Z, false, second, 000007",
    })
    void stopsAtTheFirstTransactionThatEndedLater(
        String time, boolean inclusive, String backup, String lastSegment) {
      RestorePlan plan = plan(atTime(time, inclusive));

      assertThat(plan.backup()).isEqualTo(backup.equals("first") ? FIRST : SECOND);
      assertThat(names(plan)).last().isEqualTo(lastSegment);
    }

    @Test
    void refusesATimeThatNoTransactionFollows() {
      BarmanException refusal = refusal(atTime("2026-11-23T08:00:00Z", true));

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE);
      assertThat(refusal.problem()).contains("no transaction ended after it");
      assertThat(refusal.hint()).contains("before 2026-11-23T08:00:00Z", "0/7000300");
    }

    @Test
    void refusesATimeBeforeTheEndOfTheEarliestBackup() {
      assertThat(refusal(atTime("2026-11-23T06:00:09Z", true)).code())
          .isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
    }

    @Test
    void refusesBehindAGap() {
      wal.remove(1, 6);

      BarmanException refusal = refusal(atTime("2026-11-23T07:45:00Z", true));

      assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
      assertThat(refusal.problem()).contains("000000010000000000000006");
      assertThat(refusal.hint()).contains("2026-11-23T07:30:00Z");
    }
  }

  @Nested
  class AtXid {
    @Test
    void takesTheNewestBackupThatEndsBeforeTheTransaction() {
      RestorePlan plan = plan(new RecoveryTarget.AtXid(710, true));

      assertThat(plan.backup()).isEqualTo(FIRST);
      assertThat(names(plan)).containsExactly("000002", "000003");
    }

    @Test
    void ignoresTheEpochOfALongId() {
      assertThat(plan(new RecoveryTarget.AtXid((5L << 32) + 730, true)).backup())
          .isEqualTo(SECOND);
    }

    @Test
    void readsThePartialTailToo() {
      RestorePlan plan = plan(new RecoveryTarget.AtXid(740, false));

      assertThat(plan.usesPartialTail()).isTrue();
    }

    @Test
    void refusesAnUnknownTransaction() {
      BarmanException refusal = refusal(new RecoveryTarget.AtXid(741, true));

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE);
      assertThat(refusal.problem()).contains("741", "ends at 0/7000300");
    }

    @Test
    void refusesATransactionThatEndedBeforeTheBackupDid() {
      BarmanException refusal = refusal(new RecoveryTarget.AtXid(710, true), SECOND);

      assertThat(refusal.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
      assertThat(refusal.problem()).contains("0/3000100");
      assertThat(refusal.hint()).contains("backup " + FIRST.id());
    }

    @Test
    void refusesAnIdThatCameBack() {
      wal.commit(1, "0/6000200", 710, "2026-11-23T07:40:00Z");

      BarmanException refusal = refusal(new RecoveryTarget.AtXid(710, true));

      assertThat(refusal.problem()).contains("0/3000100", "0/6000200");
      assertThat(refusal.hint()).contains("barman.targetLsn=");
      assertThat(names(plan(new RecoveryTarget.AtXid(710, true), SECOND)))
          .last()
          .isEqualTo("000006");
    }

    @Test
    void refusesBehindAGap() {
      wal.remove(1, 6);

      BarmanException refusal = refusal(new RecoveryTarget.AtXid(740, true));

      assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
    }
  }

  @Nested
  class AtName {
    @Test
    void findsARestorePoint() {
      RestorePlan plan = plan(new RecoveryTarget.AtName("before-import"));

      assertThat(plan.backup()).isEqualTo(FIRST);
      assertThat(names(plan)).containsExactly("000002", "000003");
    }

    @Test
    void refusesAnUnknownName() {
      assertThat(refusal(new RecoveryTarget.AtName("before_import")).code())
          .isEqualTo(ErrorCode.TARGET_UNREACHABLE);
    }

    @Test
    void refusesANameThatStandsForTwoPoints() {
      wal.point(1, "0/6000800", "before-import", "2026-11-23T07:41:00Z");

      BarmanException refusal = refusal(new RecoveryTarget.AtName("before-import"));

      assertThat(refusal.code()).isEqualTo(ErrorCode.RESTORE_REFUSED);
      assertThat(refusal.problem()).contains("0/3000800", "0/6000800");
    }
  }
}
