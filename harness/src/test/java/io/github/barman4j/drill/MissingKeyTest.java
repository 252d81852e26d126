package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingKeyTest {
  private static final Refusal WITHOUT = refusal(
      ErrorCode.ENCRYPTION_KEY_MISSING, "it is encrypted; give barman.encryptionPassphrase");
  private static final Refusal WRONG =
      refusal(ErrorCode.ENCRYPTION_KEY_WRONG, "the passphrase does not open it");

  @Test
  void passesWhenBothAreRefusedWithCodesOfTheirOwn() {
    assertThat(judge(WITHOUT, WRONG, List.of()).verdict()).isEqualTo(Verdict.PASSED);
  }

  @Test
  void failsWhenOneIsNotRefusedOrWithTheOthersCode() {
    Refusal none = new Refusal(null, Duration.ZERO);
    assertThat(judge(none, WRONG, List.of()).reasons())
        .containsExactly("check without-passphrase failed: it was not refused");
    assertThat(judge(WITHOUT, none, List.of()).reasons())
        .containsExactly("check wrong-passphrase failed: it was not refused");
    assertThat(judge(WITHOUT, WITHOUT, List.of()).verdict()).isEqualTo(Verdict.FAILED);
  }

  @Test
  void failsWhenTheDataDirectoryWasTouched() {
    assertThat(judge(WITHOUT, WRONG, List.of("PG_VERSION")).reasons())
        .containsExactly("check untouched failed: changed: PG_VERSION");
  }

  @Test
  void failsWhenTheRefusalRepeatsThePassphrase() {
    Refusal chatty = refusal(
        ErrorCode.ENCRYPTION_KEY_WRONG,
        "the passphrase 'correct horse battery stable' does not open it");
    assertThat(judge(WITHOUT, chatty, List.of()).reasons())
        .singleElement()
        .asString()
        .startsWith("check secret-kept failed");
  }

  private static ScenarioResult judge(Refusal without, Refusal wrong, List<String> changed) {
    return MissingKey.refused(new MissingKey.Attempts(without, wrong, changed))
        .judged(new MissingKey().info(), "refused");
  }

  private static Refusal refusal(ErrorCode code, String problem) {
    return new Refusal(new BarmanException(code, problem, "again"), Duration.ofMillis(10));
  }
}
