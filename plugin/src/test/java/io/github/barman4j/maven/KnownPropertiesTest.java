package io.github.barman4j.maven;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Properties;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KnownPropertiesTest {
  private static final TreeSet<String> KNOWN =
      new TreeSet<>(List.of("barman.targetTime", "barman.url"));

  @Test
  void allowsPropertiesOfGoalsAndOfOthers() {
    assertThatCode(() -> KnownProperties.check(KNOWN, given("barman.targetTime", "skipTests")))
        .doesNotThrowAnyException();
  }

  @Test
  void refusesAMisspeltProperty() {
    assertThatThrownBy(() -> KnownProperties.check(KNOWN, given("barman.targettime")))
        .hasMessageContaining("no goal has a property barman.targettime")
        .hasMessageContaining("write barman.targetTime");
    assertThatThrownBy(() -> KnownProperties.check(KNOWN, given("barman.tagretTime")))
        .hasMessageContaining("barman:help");
  }

  private static Properties given(String... names) {
    Properties properties = new Properties();
    for (String name : names) {
      properties.setProperty(name, "x");
    }
    return properties;
  }
}
