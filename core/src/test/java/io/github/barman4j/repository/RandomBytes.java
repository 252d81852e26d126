package io.github.barman4j.repository;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Content for tests. */
final class RandomBytes {
  private static final int PAGE = 8192;

  private RandomBytes() {}

  /** What cannot be compressed; always the same. */
  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  /** Pages as of a table: some empty, some alike, most of a few words. */
  static byte[] ofTable(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    for (int page = 0; page < length; page += PAGE) {
      fillPage(random, bytes, page, Math.min(PAGE, length - page));
    }
    return bytes;
  }

  static void fillPage(RandomGenerator random, byte[] bytes, int from, int length) {
    switch (random.nextInt(5)) {
      case 0 -> Arrays.fill(bytes, from, from + length, (byte) 0);
      case 1 -> Arrays.fill(bytes, from, from + length, (byte) random.nextInt(3));
      case 2 -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        System.arraycopy(noise, 0, bytes, from, length);
      }
      default -> {
        for (int i = 0; i < length; i++) {
          bytes[from + i] = (byte) (random.nextInt(8) == 0 ? random.nextInt(256) : i % 37);
        }
      }
    }
  }
}
