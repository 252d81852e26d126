package io.github.barman4j.junit;

import static io.github.barman4j.junit.DrillAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DrillAssertTest {
  private static final Duration THREE_SECONDS = Duration.ofSeconds(3);
  private static final ScenarioResult GOOD =
      Results.measured(Results.rpo(0, 0, 0), THREE_SECONDS, new Check("ledger", true, "9 rows"));

  static Stream<UnaryOperator<DrillAssert>> measuring() {
    return Stream.of(
        DrillAssert::lostNoAcknowledgedCommit,
        found -> found.lostAtMost(7),
        found -> found.lostNothingOlderThan(THREE_SECONDS),
        DrillAssert::hasNoPhantoms,
        DrillAssert::hasNoOvershoot,
        found -> found.recoveredWithin(THREE_SECONDS),
        found -> found.passedCheck("ledger"));
  }

  @ParameterizedTest
  @MethodSource("measuring")
  void holdsForAGoodRecovery(UnaryOperator<DrillAssert> assertion) {
    assertion.apply(assertThat(GOOD));
    assertion.apply(assertThat(Results.report(GOOD, GOOD)));
    // A refusal that came as it must has no figures.
    assertion.apply(assertThat(Results.report(Results.without(Verdict.PASSED), GOOD)));
  }

  /** The one unforgivable answer would be that all is well. */
  @ParameterizedTest
  @MethodSource("measuring")
  void holdsForNothingThatWasNotMeasured(UnaryOperator<DrillAssert> assertion) {
    assertThatThrownBy(() -> assertion.apply(assertThat(Results.report())))
        .hasMessageContaining("nothing was run");
    assertThatThrownBy(() -> assertion.apply(
            assertThat(Results.report(GOOD, Results.without(Verdict.SKIPPED, "no Docker")))))
        .hasMessageContaining("Expecting S12 cut")
        .hasMessageContaining("it was skipped: no Docker");
    assertThatThrownBy(() -> assertion.apply(
            assertThat(Results.report(GOOD, Results.without(Verdict.FAILED, "BRM-611")))))
        .hasMessageContaining("it failed: BRM-611");
    assertThatThrownBy(
            () -> assertion.apply(assertThat(Results.report(Results.without(Verdict.PASSED)))))
        .hasMessageContaining("recovered nothing");
  }

  @Test
  void saysWhatWasLost() {
    ScenarioResult lossy = Results.measured(Results.rpo(8, 0, 0), THREE_SECONDS);
    fails(
        () -> assertThat(lossy).lostNoAcknowledgedCommit(),
        "Expecting S01 kill",
        "to lose no acknowledged commits",
        "it lost 8 of 100, the oldest acknowledged 2.00 s before the fault");
    fails(() -> assertThat(lossy).lostAtMost(7), "at most 7", "it lost 8");
    assertThat(lossy).lostAtMost(8).lostNothingOlderThan(Duration.ofSeconds(2));
    fails(
        () -> assertThat(lossy).lostNothingOlderThan(Duration.ofMillis(1999)),
        "over 2.00 s before",
        "it lost 8");
    fails(() -> assertThat(Results.report(GOOD, lossy)).lostNoAcknowledgedCommit(), "it lost 8");
  }

  @Test
  void saysWhatIsThereThatMustNotBe() {
    ScenarioResult strange = Results.measured(Results.rpo(0, 3, 4), THREE_SECONDS);
    fails(() -> assertThat(strange).hasNoPhantoms(), "3 rows are there that nobody had committed");
    fails(() -> assertThat(strange).hasNoOvershoot(), "4 commits are there that were made after");
  }

  @Test
  void saysHowLongItTook() {
    fails(
        () -> assertThat(GOOD).recoveredWithin(Duration.ofMillis(2990)),
        "to recover within 2.99 s",
        "it took 3.00 s");
  }

  @Test
  void saysWhichCheckFailedOrIsNotThere() {
    ScenarioResult spoilt = Results.measured(
        Results.rpo(0, 0, 0), THREE_SECONDS, new Check("amcheck", false, "index x is corrupt"));
    fails(() -> assertThat(spoilt).passedCheck("amcheck"), "it failed: index x is corrupt");
    fails(() -> assertThat(GOOD).passedCheck("amcheck"), "it has only [ledger]");
  }

  @Test
  void tellsVerdictsApart() {
    assertThat(GOOD).passed();
    fails(() -> assertThat(GOOD).skipped(), "it passed");
    ScenarioResult skipped = Results.without(Verdict.SKIPPED, "no Toxiproxy");
    assertThat(skipped).skipped();
    fails(() -> assertThat(skipped).passed(), "it was skipped: no Toxiproxy");
    fails(
        () -> assertThat(Results.without(Verdict.INCONCLUSIVE, "too few")).passed(),
        "it was inconclusive: too few");
    fails(() -> assertThat(Results.report()).passed(), "nothing was run");
  }

  private static void fails(ThrowingCallable assertion, String... texts) {
    assertThatThrownBy(assertion).isInstanceOf(AssertionError.class).hasMessageContainingAll(texts);
  }
}
