package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ArchiverDelayTest {
  private static final String BEGIN = "0000000100000000000000";

  private String names = BEGIN + "07 " + BEGIN + "06";
  private long nanos;
  private final ArchiverDelay delay =
      ArchiverDelay.of(() -> names, new WalSegmentSize(16 << 20), () -> nanos);

  @Test
  void isTheLongestTimeFromTheEndOfASegmentToTheArchive() {
    look(10, BEGIN + "08 " + BEGIN + "06");
    look(15, BEGIN + "08 " + BEGIN + "06.00000028.backup");
    assertThat(delay.count()).isZero();
    look(40, BEGIN + "08 " + BEGIN + "07");
    assertThat(delay.count()).isEqualTo(1);
    assertThat(delay.longest()).isEqualTo(Duration.ofMillis(30));
    look(50, BEGIN + "0A " + BEGIN + "07");
    look(60, BEGIN + "0A " + BEGIN + "09");
    assertThat(delay.count()).isEqualTo(3);
    assertThat(delay.longest()).isEqualTo(Duration.ofMillis(30));
    assertThat(delay.current().name()).isEqualTo(BEGIN + "0A");
  }

  @Test
  void countsTheTimeOfASegmentThatIsNotArchivedYet() {
    look(10, BEGIN + "08");
    look(95, BEGIN + "08");
    assertThat(delay.count()).isZero();
    assertThat(delay.longest()).isEqualTo(Duration.ofMillis(85));
  }

  private void look(long millis, String seen) {
    nanos = Duration.ofMillis(millis).toNanos();
    names = seen;
    delay.look();
  }
}
