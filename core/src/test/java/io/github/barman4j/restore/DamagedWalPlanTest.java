package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A segment whose index is damaged: it is a gap, also where it is the last one, and never the end of the log. */
class DamagedWalPlanTest {
  private static final Backup BACKUP =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");

  private final FakeWal wal = new FakeWal().archive(1, 2, 6);

  private static RestorePlan plan(FakeWal wal, RecoveryTarget target) {
    return RestorePlan.decide(new PlanInput(
        List.of(BACKUP), List.of(), Map.of(), null, target, new TargetTimeline.Latest(), wal));
  }

  private static BarmanException refusal(FakeWal wal, RecoveryTarget target) {
    BarmanException refusal = catchThrowableOfType(BarmanException.class, () -> plan(wal, target));
    assertThat(refusal).as("a refusal").isNotNull();
    return refusal;
  }

  @Test
  void theLatestIsRefusedWhenTheLastSegmentIsDamaged() {
    wal.damage(1, 6);

    BarmanException refusal = refusal(wal, new RecoveryTarget.Latest());

    assertThat(refusal.code()).isEqualTo(ErrorCode.WAL_GAP);
    assertThat(refusal.problem())
        .contains("000000010000000000000006", "is damaged: a bit is wrong");
    assertThat(refusal.hint()).contains("good copy", "barman.targetLsn=0/5FFFF00");
  }

  @Test
  void whatLiesBeforeTheDamageIsReached() {
    wal.damage(1, 5);

    RestorePlan plan = plan(wal, new RecoveryTarget.AtLsn(Lsn.parse("0/4000000"), true));

    assertThat(plan.wal()).hasSize(3);
  }

  @Test
  void aBackupThatNeedsItIsPassedOverWithTheReason() {
    wal.damage(1, 2);

    assertThat(refusal(wal, new RecoveryTarget.Immediate()).problem())
        .contains("000000010000000000000002", "is damaged: a bit is wrong");
  }

  /** In a real archive, with the bit flipped where the index lies. */
  @Test
  void aFlippedBitInAnIndexIsFoundWhilePlanning(@TempDir Path folder) throws IOException {
    StoredCluster cluster = new StoredCluster();
    cluster.archive(
        folder,
        "000000010000000000000009",
        "00000001000000000000000A",
        "00000001000000000000000B",
        "00000001000000000000000C",
        "00000001000000000000000D");
    cluster.backUp();
    String key = cluster.store.list("main/wal/").stream()
        .filter(name -> name.endsWith("C"))
        .findFirst()
        .orElseThrow();
    byte[] content = cluster.store.get(key);
    content[70] ^= 1;
    cluster.store.overwrite(key, content);
    RestorePlanner planner = cluster.planner(folder.resolve("spool"));

    Recoverability.Window window =
        planner.recoverable().lines().get(0).windows().get(0);
    assertThat(window.gap()).contains("00000001000000000000000C");
    assertThat(window.end()).isLessThanOrEqualTo(Lsn.parse("0/C00000"));
    assertThat(planner.recoverable(
            new RecoveryTarget.AtLsn(window.to().orElseThrow(), true), new TargetTimeline.Latest()))
        .isInstanceOf(Reachability.Reachable.class);
    assertThat(planner.recoverable(
            new RecoveryTarget.AtXid(1_000_000, true), new TargetTimeline.Latest()))
        .isInstanceOfSatisfying(
            Reachability.Unreachable.class,
            no -> assertThat(no.problem())
                .contains("00000001000000000000000C is damaged", "may lie there"));
    assertThat(planner.recoverable(
            new RecoveryTarget.AtLsn(Lsn.parse("0/C80000"), true), new TargetTimeline.Latest()))
        .isInstanceOfSatisfying(Reachability.Unreachable.class, no -> {
          assertThat(no.code()).isEqualTo(ErrorCode.WAL_GAP);
          assertThat(no.problem()).contains("00000001000000000000000C", "is damaged");
          assertThat(no.hint()).contains("barman.targetLsn=");
        });
  }
}
