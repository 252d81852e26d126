package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTextTest {
  private static RecoveryTarget time(String text) {
    return new TargetText(text, null, null, null, false, true).target();
  }

  private static void assertRefused(TargetText text, String problem, String hint) {
    assertThatThrownBy(text::target).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.TARGET_INVALID);
      assertThat(e.problem()).contains(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-23T06:01:02Z, 2026-11-23T06:01:02Z",
    "2026-11-23T06:01Z, 2026-11-23T06:01:00Z",
    "2026-11-23t06:01:02.5z, 2026-11-23T06:01:02.5Z",
    "2026-11-23T06:01:02+01:00, 2026-11-23T05:01:02Z",
    "2026-11-23T06:01:02-0330, 2026-11-23T09:31:02Z",
    "2026-11-23 06:01:02.123456+00, 2026-11-23T06:01:02.123456Z",
    "2026-11-23 06:01:02 UTC, 2026-11-23T06:01:02Z",
    "2026-11-23 06:01:02.123456000Z, 2026-11-23T06:01:02.123456Z",
  })
  void readsATimeWithZone(String text, String expected) {
    assertThat(time(text)).isEqualTo(new RecoveryTarget.AtTime(Instant.parse(expected), true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-23T06:01:02", "2026-11-23 06:01"})
  void refusesATimeWithoutZone(String text) {
    assertRefused(new TargetText(text, null, null, null, false, true), "has no zone", "Z for UTC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "2026-11-23",
        "2026-13-23T06:01:02Z",
        "2026-02-30T06:01:02Z",
        "2026-11-23T25:01:02Z",
        "2026-11-23T06:01:02+99:00",
        "2026-11-23T06:01:02 CET",
        "2026-11-23T06:01:02.Z",
      })
  void refusesWhatIsNoTime(String text) {
    assertRefused(
        new TargetText(text, null, null, null, false, true),
        "is no moment",
        "2026-01-31T14:05:00Z");
  }

  @Test
  void refusesATimeFinerThanTheServers() {
    assertRefused(
        new TargetText("2026-11-23T06:01:02.1234567Z", null, null, null, false, true),
        "finer than a microsecond",
        "six digits");
  }

  @Test
  void readsAnLsn() {
    assertThat(new TargetText(null, "16/B374D848", null, null, false, false).target())
        .isEqualTo(new RecoveryTarget.AtLsn(Lsn.parse("16/B374D848"), false));
  }

  @ParameterizedTest
  @ValueSource(strings = {"16B374D848", "16/", "x/1"})
  void refusesWhatIsNoLsn(String text) {
    assertRefused(new TargetText(null, text, null, null, false, true), text, "0/16B3748");
  }

  @ParameterizedTest
  @CsvSource({
    "744, 744",
    "4294967295, 4294967295",
    "21474837224, 21474837224",
    "18446744073709551615, -1"
  })
  void readsTransactionIdsOf32And64Bits(String text, long expected) {
    assertThat(new TargetText(null, null, text, null, false, true).target())
        .isEqualTo(new RecoveryTarget.AtXid(expected, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "7f", "18446744073709551616", "744.0"})
  void refusesWhatIsNoTransactionId(String text) {
    assertRefused(
        new TargetText(null, null, text, null, false, true), "no transaction id", "decimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "2", "4294967298"})
  void refusesTheIdsThatNoTransactionHas(String text) {
    assertRefused(
        new TargetText(null, null, text, null, false, true), "no transaction", "name one");
  }

  @Test
  void readsARestorePoint() {
    assertThat(new TargetText(" ", null, null, "before import", false, true).target())
        .isEqualTo(new RecoveryTarget.AtName("before import"));
    assertRefused(
        new TargetText(null, null, null, "é".repeat(32), false, true), "cannot be called", "63");
  }

  @Test
  void isTheLatestWithoutAnything() {
    assertThat(TargetText.NONE.target()).isEqualTo(new RecoveryTarget.Latest());
    assertThat(new TargetText(null, null, null, null, true, true).target())
        .isEqualTo(new RecoveryTarget.Immediate());
  }

  @Test
  void refusesTwoTargets() {
    assertRefused(
        new TargetText("2026-11-23T06:01:02Z", null, "744", null, true, true),
        "barman.targetTime, barman.targetXid, barman.targetImmediate",
        "exactly one");
  }

  @ParameterizedTest
  @CsvSource({",false", "point,false", ",true"})
  void refusesAnExclusiveTargetWithoutAnEdge(@Nullable String name, boolean immediate) {
    assertRefused(
        new TargetText(null, null, null, name, immediate, false), "cannot be exclusive", "time");
  }

  @Test
  void readsTimelines() {
    assertThat(TargetTimeline.parse("latest")).isEqualTo(new TargetTimeline.Latest());
    assertThat(TargetTimeline.parse("current")).isEqualTo(new TargetTimeline.Current());
    assertThat(TargetTimeline.parse("12"))
        .isEqualTo(new TargetTimeline.Exactly(new io.github.barman4j.postgres.Timeline(12)));
    assertThatThrownBy(() -> TargetTimeline.parse("0")).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> TargetTimeline.parse("0000000A")).isInstanceOf(BarmanException.class);
  }

  @Test
  void readsActions() {
    assertThat(TargetAction.parse("Pause")).isEqualTo(TargetAction.PAUSE);
    assertThatThrownBy(() -> TargetAction.parse("stop")).isInstanceOf(BarmanException.class);
  }
}
