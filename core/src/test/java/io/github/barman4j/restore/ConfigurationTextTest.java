package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "port = 5432|port|5432",
        "port 5432 # comment|port|5432",
        "  Shared_Buffers=128MB|shared_buffers|128MB",
        "archive_command = 'cp \"%p\" ''/a b/%f'''|archive_command|cp \"%p\" '/a b/%f'",
        "search_path = 'a\\'b\\\\c\\x\\101'|search_path|a'b\\cxA",
        "include_dir 'conf.d'|include_dir|conf.d",
        "pg_stat.x.y = on|pg_stat.x.y|on",
        "data_directory='/a#b'|data_directory|/a#b",
      })
  void readsASetting(String line, String name, String value) {
    ConfigurationText text = ConfigurationText.parse(line);

    assertThat(text.lines()).singleElement().satisfies(read -> {
      assertThat(read.name()).isEqualTo(name);
      assertThat(read.value()).isEqualTo(value);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# port = 1", "port = ", "port = 'open", "a b c", "1x = 2"})
  void keepsWhatIsNoSetting(String line) {
    assertThat(ConfigurationText.parse(line + "\n").lines())
        .allMatch(read -> read.name() == null && read.text().equals(line));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "it's", "C:\\temp\\'", "two\nlines\r", "\\101", "é %f \"%p\" #"})
  void readsBackWhatItHasQuoted(String value) {
    String line = ConfigurationText.setting("name", value);

    assertThat(line.lines()).hasSize(1);
    assertThat(ConfigurationText.parse(line).value("name")).contains(value);
  }

  @Test
  void theLastLineCounts() {
    assertThat(ConfigurationText.parse("a = 1\nA = 2\n").value("a")).contains("2");
    assertThat(ConfigurationText.parse("a = 1\n").value("b")).isEmpty();
  }

  @Test
  void removesAndAddsLines() {
    assertThat(ConfigurationText.parse("# head\na = 1\nb = 2\na = 3")
            .without(Set.of("a"))
            .plus(List.of("c = 4"))
            .text())
        .isEqualTo("# head\nb = 2\nc = 4\n");
  }
}
