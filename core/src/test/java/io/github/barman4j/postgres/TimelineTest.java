package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
  @Test
  void isHexadecimalInNamesAndDecimalInMessages() {
    Timeline timeline = new Timeline(31);
    assertThat(timeline.hex()).isEqualTo("0000001F");
    assertThat(timeline).hasToString("31");
    assertThat(Timeline.parseHex("0000001F"))
        .isEqualTo(Timeline.parseHex("0000001f"))
        .isEqualTo(timeline);
    assertThat(timeline).isGreaterThan(Timeline.FIRST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "00000000", "80000000", "FFFFFFFF", "0000001G", "000000001"})
  void refusesOtherTexts(String text) {
    assertThatThrownBy(() -> Timeline.parseHex(text)).isInstanceOf(BarmanException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void beginsAtOne(int id) {
    assertThatThrownBy(() -> new Timeline(id))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("out of range");
  }
}
