package io.github.barman4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static Setting set(String name, String value, @Nullable String unit) {
    return new Setting(name, value, unit, "sighup", "configuration file", "/etc/postgresql.conf:7");
  }

  @Test
  void isALineThatAServerReads() {
    assertThat(set("shared_buffers", "16384", "8kB").line())
        .isEqualTo("shared_buffers = '16384'  # in 8kB, configuration file /etc/postgresql.conf:7");
  }

  @Test
  void quotesAsTheServerUnquotes() {
    assertThat(set("search_path", "\"$user\", 'a\\b'\n", null).line())
        .startsWith("search_path = '\"$user\", ''a\\\\b''\\n'  #");
  }

  @Test
  void isACommentWhenTheServersConfigurationDoesNotSetIt() {
    assertThat(new Setting("a", "1", null, "user", "default", null).line())
        .isEqualTo("#a = '1'  # default");
    assertThat(new Setting("TimeZone", "UTC", null, "user", "client", null).line())
        .startsWith("#");
    assertThat(
            new Setting("block_size", "8192", null, "internal", "configuration file", null).line())
        .startsWith("#");
  }

  @Test
  void isACommentWhenItIsTrueOfOneHostAlone() {
    assertThat(set("data_directory", "/var/lib/postgresql/15/main", null).line())
        .startsWith("#");
    assertThat(set("hba_file", "/etc/postgresql/15/main/pg_hba.conf", null).line())
        .startsWith("#");
  }
}
