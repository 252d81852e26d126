package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XidsTest {
  @Test
  void areUnsignedAndInOrder() {
    Xids xids = Xids.of(4_294_967_295L, 3, 7);
    assertThat(xids.size()).isEqualTo(3);
    assertThat(xids.isEmpty()).isFalse();
    assertThat(xids.get(0)).isEqualTo(4_294_967_295L);
    assertThat(xids.stream()).containsExactly(4_294_967_295L, 3L, 7L);
    assertThat(xids).hasToString("[4294967295, 3, 7]");
  }

  @Test
  void areEqualByContent() {
    assertThat(Xids.of(1, 2))
        .isEqualTo(Xids.of(1, 2))
        .hasSameHashCodeAs(Xids.of(1, 2))
        .isNotEqualTo(Xids.of(2, 1))
        .isNotEqualTo("[1, 2]");
    assertThat(Xids.of()).isSameAs(Xids.NONE);
    assertThat(Xids.NONE.isEmpty()).isTrue();
  }
}
