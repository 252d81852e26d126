package io.github.barman4j.drill;

import static io.github.barman4j.drill.DamagedBlockTest.NEWEST;
import static io.github.barman4j.drill.DamagedBlockTest.OLDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Backups;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedBlockTest {
  private static final Refusal NOT_REFUSED = new Refusal(null, Duration.ZERO);

  @TempDir
  Path folder;

  @Test
  void passesWhenBothAreRefusedAndAFreshBackupIsSuggested() {
    ScenarioResult result = refused(of(OLDER), of(NEWEST), latest("take one with barman.fresh"));
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenOneIsRestored() {
    Refusal latest = latest("take one with barman.fresh");
    assertThat(refused(NOT_REFUSED, of(NEWEST), latest).reasons())
        .containsExactly("check refusal-first failed: it was not refused");
    assertThat(refused(of(OLDER), NOT_REFUSED, latest).reasons())
        .containsExactly("check refusal-second failed: it was not refused");
    assertThat(refused(of(OLDER), of(NEWEST), NOT_REFUSED).reasons())
        .containsExactly("check refusal-latest failed: it was not refused");
  }

  @Test
  void failsWhenNoWayOutIsSuggested() {
    assertThat(refused(of(OLDER), of(NEWEST), latest("too bad")).reasons())
        .singleElement()
        .asString()
        .startsWith("check refusal-latest failed: the refusal does not name 'barman.fresh'");
  }

  @Test
  void failsWhenTheFreshBackupDoesNotServeOrSharesAPack() {
    Backup fresh = Backups.backup(NEWEST.value(), null, "0/300028", "0/300100", Instant.EPOCH);
    Backup before = Backups.backup(OLDER.value(), null, "0/100028", "0/100100", Instant.EPOCH);
    assertThat(SharedBlock.restoredFrom(OLDER, fresh, before)
            .judged(new SharedBlock().info(), "fresh")
            .reasons())
        .hasSize(2)
        .anyMatch(reason -> reason.startsWith("check fresh-backup failed: restored from " + OLDER))
        .anyMatch(reason -> reason.startsWith("check shares-nothing failed"));
  }

  private ScenarioResult refused(Refusal first, Refusal second, Refusal latest) {
    return SharedBlock.refused(
            DamagedBlockTest.report(
                DamagedBlockTest.finding(OLDER, 3L), DamagedBlockTest.finding(NEWEST, 3L)),
            new SharedBlock.Refusals(first, second, latest),
            OLDER,
            NEWEST,
            folder.resolve("absent"))
        .judged(new SharedBlock().info(), "refused");
  }

  private static Refusal of(BackupId damaged) {
    return refusal("backup " + damaged + " is damaged", "name another");
  }

  private static Refusal latest(String hint) {
    return refusal("every backup is damaged: " + List.of(OLDER, NEWEST), hint);
  }

  private static Refusal refusal(String problem, String hint) {
    return new Refusal(
        new BarmanException(ErrorCode.RESTORE_BACKUP_DAMAGED, problem, hint), Duration.ZERO);
  }
}
