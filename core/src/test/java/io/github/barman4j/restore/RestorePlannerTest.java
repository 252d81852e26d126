package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans over the log of a real server, part of it still in a receiver's spool. */
class RestorePlannerTest {
  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private Path spool;

  @BeforeEach
  void archiveSomeAndSpoolSome() throws IOException {
    spool = Files.createDirectory(folder.resolve("spool"));
    cluster
        .archive(
            folder,
            "000000010000000000000009",
            "00000001000000000000000A",
            "00000001000000000000000B")
        .backUp();
    Files.write(
        spool.resolve("00000001000000000000000C"),
        StoredCluster.golden("00000001000000000000000C"));
    byte[] begun = StoredCluster.golden("00000001000000000000000D");
    Arrays.fill(begun, 0xBD0, begun.length, (byte) 0);
    Files.write(spool.resolve("00000001000000000000000D.partial"), begun);
  }

  private RestorePlan plan(RecoveryTarget target) {
    return cluster
        .planner(spool)
        .plan(RestoreRequest.to(folder.resolve("data")).target(target).build());
  }

  private List<String> names(RecoveryTarget target) {
    return plan(target).wal().stream()
        .map(piece -> piece.segment().name().substring(23))
        .toList();
  }

  @Test
  void goesToTheLastWholeRecordOfTheSpool() {
    RestorePlan plan = plan(new RecoveryTarget.Latest());

    assertThat(names(new RecoveryTarget.Latest())).containsExactly("9", "A", "B", "C", "D");
    assertThat(plan.usesPartialTail()).isTrue();
    assertThat(plan.walEnd()).isEqualTo(Lsn.parse("0/D00BD0"));
  }

  @Test
  void findsTransactionsWhereverTheirSegmentLies() {
    assertThat(names(new RecoveryTarget.AtXid(735, true))).containsExactly("9");
    assertThat(names(new RecoveryTarget.AtXid(749, false))).containsExactly("9", "A", "B");
    assertThat(names(new RecoveryTarget.AtXid(2850, true)))
        .containsExactly("9", "A", "B", "C", "D");
  }

  @Test
  void refusesASubtransactionAndATransactionBeforeTheBackup() {
    assertThatThrownBy(() -> plan(new RecoveryTarget.AtXid(736, true)))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE));
    assertThatThrownBy(() -> plan(new RecoveryTarget.AtXid(734, true)))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.TARGET_BEFORE_BACKUP);
          assertThat(e.problem()).contains("0/900068");
        });
  }

  @Test
  void findsARestorePoint() {
    assertThat(names(new RecoveryTarget.AtName("before the flood, né 1"))).containsExactly("9");
  }

  @Test
  void findsATime() {
    Instant flood = Instant.parse("2026-11-23T06:38:10.771032Z");

    assertThat(names(new RecoveryTarget.AtTime(flood, false))).last().isEqualTo("B");
    assertThat(names(new RecoveryTarget.AtTime(flood, true))).last().isEqualTo("D");
    assertThatThrownBy(() ->
            plan(new RecoveryTarget.AtTime(Instant.parse("2026-11-23T06:38:10.789017Z"), true)))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.TARGET_UNREACHABLE));
  }

  @Test
  void namesTheLastPositionThatCanBeATarget() {
    assertThat(names(new RecoveryTarget.AtLsn(Lsn.parse("0/D00BA0"), true))).hasSize(5);
    assertThatThrownBy(() -> plan(new RecoveryTarget.AtLsn(Lsn.parse("0/D00BA1"), true)))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.hint()).contains("barman.targetLsn=0/D00BA0"));
  }
}
