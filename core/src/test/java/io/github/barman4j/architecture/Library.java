package io.github.barman4j.architecture;

import java.util.List;

/** Code of others that a package may use, known by its package names. */
public enum Library {
  PGJDBC("org.postgresql", "java.sql", "javax.sql"),
  ZSTD("com.github.luben.zstd"),
  BOUNCY_CASTLE("org.bouncycastle"),
  JACKSON("com.fasterxml.jackson"),
  ARCHIVES("org.apache.commons.compress", "org.tukaani.xz"),
  AWAITILITY("org.awaitility"),
  TESTCONTAINERS("org.testcontainers", "com.github.dockerjava"),
  TOXIPROXY("eu.rekawek.toxiproxy"),
  JUNIT("org.junit", "org.opentest4j", "org.apiguardian.api"),
  ASSERTJ("org.assertj"),
  SNAKEYAML("org.snakeyaml.engine"),
  MAVEN("org.apache.maven", "org.eclipse.aether", "org.codehaus.plexus", "javax.inject");

  /** The JDK without JDBC, and the annotations for nulls: everyone's. */
  static final List<String> PLATFORM = List.of(
      "java",
      "javax.crypto",
      "javax.net",
      "javax.security",
      "javax.xml",
      "org.w3c.dom",
      "org.xml.sax",
      "jdk.net",
      "org.jspecify.annotations");

  private final List<String> packages;

  Library(String... packages) {
    this.packages = List.of(packages);
  }

  boolean contains(String packageName) {
    return packages.stream().anyMatch(root -> isWithin(packageName, root));
  }

  static boolean isPlatform(String packageName) {
    return PLATFORM.stream().anyMatch(root -> isWithin(packageName, root))
        && !PGJDBC.contains(packageName);
  }

  private static boolean isWithin(String packageName, String root) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }
}
