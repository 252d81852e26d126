package io.github.barman4j.testing;

import static org.assertj.core.api.Assertions.fail;

import java.util.random.RandomGenerator;

/** Run by {@link SeedsTest} alone, so its name does not end in Test. */
final class FailsOnPurpose {
  @Seeds(7)
  void failsWithItsFirstNumber(RandomGenerator random) {
    fail("first " + random.nextLong());
  }
}
