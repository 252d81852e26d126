package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmallTargetTest {
  @TempDir
  Path folder;

  @Test
  void passesWhenBothFiguresAreTrue() {
    ScenarioResult result = judge(refusal(120, 16), 16, "absent");
    assertThat(result.reasons()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenItIsNotRefused() {
    assertThat(judge(Refusal.of(() -> {}), 16, "absent").reasons())
        .startsWith("check refusal failed: it was not refused");
  }

  @Test
  void failsForAWrongFigure() {
    assertThat(judge(refusal(99, 16), 16, "absent").reasons())
        .containsExactly("check needed-bytes failed: it names 99, the database has 100");
    assertThat(judge(refusal(120, 17), 16, "absent").reasons())
        .containsExactly("check available-bytes failed: it names 17, a tmpfs has 16");
  }

  @Test
  void failsWhenSomethingWasCopiedBefore() {
    assertThat(judge(refusal(120, 16), 16, "").verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void isInconclusiveWhenThereIsRoom() {
    assertThat(judge(refusal(120, 110), 110, "absent").verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  private ScenarioResult judge(Refusal refusal, long usable, String directory) {
    return SmallTarget.observed(refusal, 100, usable, "a tmpfs", folder.resolve(directory))
        .judged(new SmallTarget().info(), "too-small");
  }

  private static Refusal refusal(long needed, long available) {
    return new Refusal(
        new BarmanException(
            ErrorCode.RESTORE_SPACE,
            "the restore needs " + needed + " bytes (0.0 GB) on the file system of /x, which has "
                + available + " bytes (0.0 GB) left",
            "make room there"),
        Duration.ofMillis(5));
  }
}
