package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParameterValueTest {
  private enum Choice {
    ONE,
    TWO_WORDS
  }

  @Test
  void isAbsentWhenNothingWasGiven() {
    assertThat(ParameterValue.of("barman.x", null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void refusesAnEmptyValue(String text) {
    assertRefused(() -> ParameterValue.of("barman.targetTime", text), "barman.targetTime is empty");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000, 1000",
    "1B, 1",
    "32k, 32768",
    "32kB, 32768",
    "32KiB, 32768",
    "20MB, 20971520",
    "1G, 1073741824",
    "2TB, 2199023255552"
  })
  void readsSizesInStepsOf1024(String text, long bytes) {
    assertThat(value(text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10X", "1.5G", "-1", "10 MB", "MB", "1Ki", "99999999999999TB", "１２"})
  void refusesWhatIsNoSize(String text) {
    assertRefused(() -> value(text).bytes(), text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yes", "TRUE", "1", "on", "false "})
  void refusesFlagsThatMavenWouldReadAsFalse(String text) {
    assertRefused(() -> value(text).flag(), text);
  }

  @Test
  void readsFlags() {
    assertThat(value("true").flag()).isTrue();
    assertThat(value("false").flag()).isFalse();
    assertThat(ParameterValue.flag("barman.x", null)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "+1", "1.0", "99999999999", "four", "0x4"})
  void refusesWhatIsNoWholeNumber(String text) {
    assertRefused(() -> value(text).wholeNumber(), text);
  }

  @Test
  void readsDurations() {
    assertThat(value("PT1H30M").duration()).isEqualTo(Duration.ofMinutes(90));
    assertThat(value("PT0.5S").duration()).isEqualTo(Duration.ofMillis(500));
    assertThat(value("P1D").duration()).isEqualTo(Duration.ofDays(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"30", "30s", "PT-5S", "-PT5S", "P1M", "P1Y", "PT"})
  void refusesWhatIsNoDuration(String text) {
    assertRefused(() -> value(text).duration(), text);
  }

  @Test
  void readsAChoiceByItsSpelling() {
    assertThat(value("one").choice(Choice.class)).isEqualTo(Choice.ONE);
    assertThat(value("two-words").choice(Choice.class)).isEqualTo(Choice.TWO_WORDS);
  }

  @Test
  void namesTheChoicesWhenItRefusesOne() {
    assertThatThrownBy(() -> value("three").choice(Choice.class))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.hint()).isEqualTo("choose one of one, two-words"));
  }

  @Test
  void resolvesRelativePathsAgainstTheBase() {
    assertThat(value("a/../b").path(Path.of("/base"))).isEqualTo(Path.of("/base/b"));
    assertThat(value("/c").path(Path.of("/base"))).isEqualTo(Path.of("/c"));
    assertThat(value("~/c").path(Path.of("/base")))
        .isEqualTo(Path.of(System.getProperty("user.home"), "c"));
  }

  @Test
  void refusesListsWithEmptyItems() {
    assertThat(value("S01, S02").list()).containsExactly("S01", "S02");
    assertRefused(() -> value("S01,,S02").list(), "S01,,S02");
  }

  @Test
  void readsATablespaceMapping() {
    assertThat(TablespaceMapping.parse(value("a=/srv/a,b=/srv/b")))
        .containsExactly(Map.entry("a", Path.of("/srv/a")), Map.entry("b", Path.of("/srv/b")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=",
        "=/srv/a",
        "a=srv",
        "a=/srv/a,a=/srv/b",
        "a=/srv/a,b=/srv/x/../a",
        "a=/srv/a,"
      })
  void refusesAMappingThatIsNotClear(String text) {
    assertRefused(() -> TablespaceMapping.parse(value(text)), text);
  }

  private static ParameterValue value(String text) {
    return new ParameterValue("barman.x", text);
  }

  private static void assertRefused(ThrowingCallable reading, String text) {
    assertThatThrownBy(reading).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
      assertThat(e.problem()).contains(text).startsWith("barman.");
      assertThat(e.hint()).isNotBlank();
    });
  }
}
