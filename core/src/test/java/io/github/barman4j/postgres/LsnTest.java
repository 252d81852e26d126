package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.testing.Seeds;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LsnTest {
  @Test
  void isWrittenAsTheServerWritesIt() {
    assertThat(new Lsn(0x16B3748)).hasToString("0/16B3748");
    assertThat(new Lsn(0x16_B374D848L)).hasToString("16/B374D848");
    assertThat(Lsn.INVALID).hasToString("0/0");
    assertThat(new Lsn(-1)).hasToString("FFFFFFFF/FFFFFFFF");
  }

  @Seeds(50)
  void survivesWritingAndReading(RandomGenerator random) {
    Lsn lsn = new Lsn(random.nextLong() >>> random.nextInt(64));
    assertThat(Lsn.parse(lsn.toString())).isEqualTo(lsn);
    assertThat(Lsn.parse(lsn.toString().toLowerCase(Locale.ROOT))).isEqualTo(lsn);
  }

  @Test
  void isReadWithLeadingZerosToo() {
    assertThat(Lsn.parse("0/016B3748")).isEqualTo(new Lsn(0x16B3748));
    assertThat(Lsn.parse("00000016/B374D848")).isEqualTo(new Lsn(0x16_B374D848L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "0",
        "0/",
        "/0",
        "0/16B3748 ",
        " 0/0",
        "0/0/0",
        "0/-1",
        "+0/1",
        "0/000000001",
        "0x0/1",
        "G/0",
        "0/٣"
      })
  void isReadStrictly(String text) {
    assertThatThrownBy(() -> Lsn.parse(text))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("'" + text + "' is no log sequence number");
  }

  @Test
  void isOrderedWithoutASign() {
    Lsn low = new Lsn(1);
    Lsn high = new Lsn(-1);
    assertThat(high).isGreaterThan(low);
    assertThat(low.isBefore(high)).isTrue();
    assertThat(high.isBefore(high)).isFalse();
    assertThat(high.isAfter(low)).isTrue();
    assertThat(low.isAfter(low)).isFalse();
    assertThat(Lsn.max(low, high)).isEqualTo(Lsn.max(high, low)).isEqualTo(high);
    assertThat(Lsn.min(low, high)).isEqualTo(Lsn.min(high, low)).isEqualTo(low);
  }

  @Test
  void isMovedAndMeasuredInBytes() {
    Lsn lsn = Lsn.parse("1/0");
    assertThat(lsn.plus(-1)).hasToString("0/FFFFFFFF");
    assertThat(lsn.plus(40).minus(lsn)).isEqualTo(40);
    assertThat(lsn.minus(lsn.plus(40))).isEqualTo(-40);
    assertThat(Lsn.INVALID.isInvalid()).isTrue();
    assertThat(lsn.isInvalid()).isFalse();
  }
}
