package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemIdentifierTest {
  @Test
  void isAnUnsignedDecimalNumber() {
    assertThat(SystemIdentifier.parse("18446744073709551615"))
        .isEqualTo(new SystemIdentifier(-1))
        .hasToString("18446744073709551615");
    assertThat(SystemIdentifier.parse("7711252553973266279").value())
        .isEqualTo(7711252553973266279L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "0", "-1", "+1", " 1", "18446744073709551616", "1e3", "111111111111111111111"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> SystemIdentifier.parse(text))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("no system identifier");
  }
}
