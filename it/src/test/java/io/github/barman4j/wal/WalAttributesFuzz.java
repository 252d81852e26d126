package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;

/** The index of a segment, as somebody could have forged it with a hash that is right. */
class WalAttributesFuzz {
  private static final String KEY = "wal/00000001/00000000/000000010000000000000001";

  @FuzzTest(maxDuration = "10s")
  void isReadOrRefused(byte[] input) {
    SegmentAttributes read;
    try {
      read = SegmentAttributes.decode(KEY, input);
    } catch (BarmanException expected) {
      return;
    }
    assertThat(SegmentAttributes.decode(KEY, read.encode())).isEqualTo(read);
  }
}
