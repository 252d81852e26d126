package io.github.barman4j.engine;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyTailTest {
  @Test
  void isNotKeptBesideAnEncryptedRepository(@TempDir Path folder) {
    EngineConfiguration configuration = EngineConfiguration.of(
            folder,
            "main",
            new ServerConnection("jdbc:postgresql://127.0.0.1:1/x", "user", Secret.of("none")))
        .withPassphrase(Secret.of("a long passphrase"));
    Engine engine = Engine.open(configuration, EventSink.NONE);

    assertThatExceptionOfType(BarmanException.class)
        .isThrownBy(() -> engine.startReceiver(ReceiveRequest.defaults().withKeptSegments(1)))
        .withMessageContaining("BRM-101")
        .withMessageContaining("would be plain");
  }
}
