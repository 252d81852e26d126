package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgeTest {
  private static final Rpo NOTHING_LOST = rpo(0, Duration.ZERO, 0, 0, 0);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void passesWhenNoLimitIsBroken() {
    Limits limits = new Limits(OptionalLong.of(0), Optional.of(Duration.ZERO), Optional.of(SECOND));
    Judge judge = Judge.of(limits, NOTHING_LOST, SECOND, List.of(passed()), List.of());
    assertThat(judge.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(judge.reasons()).isEmpty();
  }

  @Test
  void saysWhichLimitIsBrokenByHowMuch() {
    Limits limits =
        new Limits(OptionalLong.of(2), Optional.of(Duration.ofMillis(500)), Optional.of(SECOND));
    Judge judge = Judge.of(
        limits,
        rpo(5, Duration.ofMillis(750), 0, 0, 0),
        Duration.ofMillis(1250),
        List.of(),
        List.of());
    assertThat(judge.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(judge.reasons())
        .containsExactly(
            "lost 5 acknowledged commits, 3 more than the limit of 2",
            "lost 0.75 s of acknowledged commits, 0.25 s more than the limit of 0.50 s",
            "the recovery took 1.25 s, 0.25 s longer than the limit of 1.00 s");
  }

  @ParameterizedTest
  @CsvSource({"1,0,0,row that nobody", "0,1,0,below a surviving one", "0,0,1,beyond the target"})
  void failsForDisorderWhateverTheLimitsAre(
      long phantoms, long nonPrefix, long overshoot, String reason) {
    Judge judge = Judge.of(
        Limits.NONE,
        rpo(0, Duration.ZERO, phantoms, nonPrefix, overshoot),
        SECOND,
        List.of(),
        List.of());
    assertThat(judge.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(judge.reasons()).singleElement().asString().contains(reason);
  }

  @Test
  void failsForACheck() {
    Judge judge = Judge.of(
        Limits.NONE,
        NOTHING_LOST,
        SECOND,
        List.of(passed(), new Check("tables", false, "table t is missing")),
        List.of());
    assertThat(judge.reasons()).containsExactly("check tables failed: table t is missing");
  }

  @Test
  void isInconclusiveWithoutItsConditions() {
    Judge judge = Judge.of(Limits.NONE, NOTHING_LOST, SECOND, List.of(), List.of("only 3 commits"));
    assertThat(judge.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(judge.verdict().isBreach()).isTrue();
    assertThat(judge.reasons()).containsExactly("only 3 commits");
  }

  @Test
  void doesNotExcuseABreachByMissingConditions() {
    Judge judge = Judge.of(
        Limits.ofLostTransactions(0),
        rpo(1, SECOND, 0, 0, 0),
        SECOND,
        List.of(),
        List.of("only 3 commits"));
    assertThat(judge.verdict()).isEqualTo(Verdict.FAILED);
    assertThat(judge.reasons())
        .containsExactly("lost 1 acknowledged commit, 1 more than the limit of 0");
  }

  private static Check passed() {
    return new Check("ledger", true, "fine");
  }

  private static Rpo rpo(long lost, Duration time, long phantoms, long nonPrefix, long overshoot) {
    return new Rpo(1000, lost, time, 0, phantoms, nonPrefix, 0, 0, overshoot, Optional.empty());
  }
}
