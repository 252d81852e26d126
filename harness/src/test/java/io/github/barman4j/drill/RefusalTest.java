package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalTest {
  private static final BarmanException GAP = new BarmanException(
      ErrorCode.WAL_GAP,
      "segment 17 is missing",
      "barman.targetLsn=0/16B3748 restores everything before the gap (up to 2026-11-26T15:00:00.123456Z)");

  @Test
  void passesWithTheCodeTheWordsAndInTime() {
    Check check = refusal(GAP, Duration.ofMillis(10))
        .check("refusal", ErrorCode.WAL_GAP, Duration.ofSeconds(1), List.of("segment 17"));
    assertThat(check.passed()).isTrue();
    assertThat(check.detail()).contains("0.01 s", "segment 17 is missing");
  }

  @Test
  void failsWhenNothingIsRefused() {
    Refusal refusal = Refusal.of(() -> {});
    assertThat(refusal
            .check("refusal", ErrorCode.WAL_GAP, Duration.ofSeconds(1), List.of())
            .detail())
        .isEqualTo("it was not refused");
    assertThat(refusal.namedPosition()).isEmpty();
    assertThat(refusal.namedTime()).isEmpty();
  }

  @Test
  void failsForAnotherCodeAnAbsentWordAndALateAnswer() {
    Refusal late = refusal(GAP, Duration.ofMillis(1001));
    Duration second = Duration.ofSeconds(1);
    assertThat(late.check("r", ErrorCode.TARGET_UNREACHABLE, second, List.of()).detail())
        .startsWith("not refused with BRM-603 but with BRM-403");
    assertThat(late.check("r", ErrorCode.WAL_GAP, second, List.of("segment 18")).detail())
        .startsWith("the refusal does not name 'segment 18'");
    assertThat(late.check("r", ErrorCode.WAL_GAP, second, List.of("segment 17")))
        .isEqualTo(new Check("r", false, "refused after 1.00 s, later than 1.00 s"));
  }

  @Test
  void tellsTheNearestPointThatTheHintNames() {
    Refusal refusal = Refusal.of(() -> {
      throw GAP;
    });
    assertThat(refusal.namedPosition()).contains(Lsn.parse("0/16B3748"));
    assertThat(refusal.namedTime()).contains(Instant.parse("2026-11-26T15:00:00.123456Z"));
  }

  @Test
  void doesNotTakeAnInterruptForARefusal() {
    BarmanException interrupted = new BarmanException(ErrorCode.INTERRUPTED, "interrupted", "");
    assertThatThrownBy(() -> Refusal.of(() -> {
          throw interrupted;
        }))
        .isSameAs(interrupted);
  }

  private static Refusal refusal(BarmanException said, Duration took) {
    return new Refusal(said, took);
  }
}
