package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresVersionTest {
  @ParameterizedTest
  @CsvSource({
    "15.4, 150004",
    "15.4 (Debian 15.4-1.pgdg120+1), 150004",
    "18.0, 180000",
    "18, 180000",
    "19beta1, 190000",
    "19devel, 190000",
    "9.6.24 is none, 0",
    "14.11, 140011"
  })
  void isReadAsTheServerShowsIt(String text, int number) {
    if (number == 0) {
      assertThatThrownBy(() -> PostgresVersion.parse(text)).isInstanceOf(BarmanException.class);
    } else {
      assertThat(PostgresVersion.parse(text)).isEqualTo(new PostgresVersion(number));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "15.", ".4", "15.4.1", "1", "015.4", "9.6", "15.99999"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> PostgresVersion.parse(text)).isInstanceOf(BarmanException.class);
  }

  @Test
  void isSupportedFrom15On() {
    PostgresVersion version = new PostgresVersion(150_004);
    assertThat(version.major()).isEqualTo(15);
    assertThat(version.minor()).isEqualTo(4);
    assertThat(version).hasToString("15.4");
    assertThat(version.isSupported()).isTrue();
    assertThat(new PostgresVersion(140_018).isSupported()).isFalse();
    assertThat(new PostgresVersion(190_000).isSupported()).isTrue();
    assertThat(version).isLessThan(new PostgresVersion(150_010));
  }

  @Test
  void refusesNumbersOfOldNumbering() {
    assertThatThrownBy(() -> new PostgresVersion(90_624)).isInstanceOf(BarmanException.class);
  }
}
