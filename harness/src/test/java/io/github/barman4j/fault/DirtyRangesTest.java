package io.github.barman4j.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.testing.Seeds;
import java.util.BitSet;
import java.util.random.RandomGenerator;

class DirtyRangesTest {
  private static final int LENGTH = 200;

  @Seeds(50)
  void knowsExactlyTheBytesThatWereAdded(RandomGenerator random) {
    DirtyRanges ranges = new DirtyRanges();
    BitSet expected = new BitSet();
    for (int step = 0; step < 40; step++) {
      int start = random.nextInt(LENGTH);
      int end = Math.min(LENGTH, start + random.nextInt(20));
      if (random.nextInt(10) == 0) {
        ranges.cut(start);
        expected.clear(start, LENGTH);
      } else {
        ranges.add(start, end);
        expected.set(start, end);
      }
      BitSet found = new BitSet();
      ranges.forEach((from, to) -> {
        assertThat(from).isLessThan(to);
        assertThat(found.nextSetBit((int) (from - Math.min(from, 1)))).isEqualTo(-1);
        found.set((int) from, (int) to);
      });
      assertThat(found).isEqualTo(expected);
    }
  }
}
