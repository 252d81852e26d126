package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ErrorCodeTest {
  @Test
  void givesEveryFaultACodeOfItsOwn() {
    assertThat(ErrorCode.values())
        .extracting(ErrorCode::code)
        .doesNotHaveDuplicates()
        .allMatch(code -> code.matches("BRM-[1-9][0-9]{2}"));
  }
}
