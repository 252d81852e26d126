package io.github.barman4j.repository;

import java.security.SecureRandom;
import java.util.SplittableRandom;

/** Always the same bytes, for golden files. */
final class CountedRandom extends SecureRandom {
  private static final long serialVersionUID = 1L;

  private final transient SplittableRandom numbers = new SplittableRandom(20261123);

  @Override
  public void nextBytes(byte[] bytes) {
    numbers.nextBytes(bytes);
  }
}
