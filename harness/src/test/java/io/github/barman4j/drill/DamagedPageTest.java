package io.github.barman4j.drill;

import static io.github.barman4j.drill.DamagedBlockTest.NEWEST;
import static io.github.barman4j.drill.DamagedBlockTest.OLDER;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DamagedPageTest {
  private static final List<BackupId> BOTH = List.of(OLDER, NEWEST);

  @Test
  void passesWhenTableAndBlockAreNamed() {
    assertThat(reported(says(Primary.VICTIM + ", block 1: bad"), BOTH).verdict())
        .isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenTheBackupTakesThePageForGood() {
    assertThat(reported(null, BOTH).reasons())
        .containsExactly("check page-reported failed: it was not refused");
  }

  @Test
  void failsWithoutTheTableOrTheBlock() {
    assertThat(reported(says("base/5/1, block 1: bad"), BOTH).verdict()).isEqualTo(Verdict.FAILED);
    assertThat(reported(says(Primary.VICTIM + ": bad"), BOTH).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenTheBackupIsNotKept() {
    assertThat(reported(says(Primary.VICTIM + ", block 1: bad"), List.of(OLDER)).reasons())
        .singleElement()
        .asString()
        .startsWith("check kept failed");
  }

  private static ScenarioResult reported(BarmanException said, List<BackupId> listed) {
    return DamagedPage.reported(new Refusal(said, Duration.ofSeconds(1)), OLDER, listed)
        .judged(new DamagedPage().info(), "reported");
  }

  private static BarmanException says(String problem) {
    return new BarmanException(ErrorCode.PAGE_DAMAGED, problem, "look at the disk");
  }
}
