package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Recovery targets that users give, and configuration that comes from a backup. */
class UserTextFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
            "2026-11-23T06:00:00Z",
            "16/B374D848",
            "4294967296",
            "before the mistake",
            "archive_command = 'cp %p /a/%f' # comment\ninclude_dir = 'conf.d'\n",
            "shared_preload_libraries='x''y'\nport 5432\n")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void isReadOrRefused(byte[] input) {
    String text = new String(input, UTF_8);
    attempt(() -> new TargetText(text, null, null, null, false, true).target());
    attempt(() -> new TargetText(null, text, null, null, false, true).target());
    attempt(() -> new TargetText(null, null, text, null, false, true).target());
    attempt(() -> new TargetText(null, null, null, text, false, true).target());
    ConfigurationText.parse(text);
    ConfigurationText quoted = ConfigurationText.parse(
        ConfigurationText.setting("a", text.replaceAll("[\\r\\n\\x00]", "")));
    assertThat(quoted.lines()).hasSizeLessThanOrEqualTo(1);
  }

  private static void attempt(Runnable parse) {
    try {
      parse.run();
    } catch (BarmanException expected) {
      // Refused, told as such.
    }
  }
}
