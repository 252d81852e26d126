package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTest {
  @Test
  void doesNotShowItselfAsText() {
    Secret secret = Secret.of("s3cret");
    assertThat(secret).hasToString("***");
    assertThat(secret.reveal()).isEqualTo("s3cret");
  }
}
