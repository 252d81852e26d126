package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.fault.Disk;
import org.junit.jupiter.api.Test;

class PowerLossTest {
  @Test
  void promisesThatNothingIsLost() {
    assertThat(new PowerLoss().info().promisesNoLoss()).isTrue();
  }

  @Test
  void failsWhenThePowerTookNothingWithIt() {
    assertThat(PowerLoss.power(new Disk.Unforced(0, 0), 3).passed()).isFalse();
    assertThat(PowerLoss.power(new Disk.Unforced(1, 0), 3).passed()).isTrue();
    assertThat(PowerLoss.power(new Disk.Unforced(0, 1), 3).passed()).isTrue();
  }
}
