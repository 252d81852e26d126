package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where the repository is and, for what needs it, where the server is.
 *
 * @param repository the repository's directory
 * @param server the server's name inside the repository, {@code [a-z0-9][a-z0-9_-]*}
 * @param connection null for what works without a live server: listing and restoring
 * @param spool where WAL is received; null for the default inside the repository
 * @param connectTimeout how long to wait for a connection to the server, at least one second
 * @param jobs threads for hashing, compressing and writing, at least 1
 * @param passphrase of an encrypted repository, and of one that is made; null for one that is not encrypted
 * @param readOnly nothing is written to the repository, locks neither
 */
public record EngineConfiguration(
    Path repository,
    String server,
    @Nullable ServerConnection connection,
    @Nullable Path spool,
    Duration connectTimeout,
    int jobs,
    @Nullable Secret passphrase,
    boolean readOnly) {
  private static final Pattern SERVER_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]*");

  public EngineConfiguration {
    if (!SERVER_NAME.matcher(server).matches()) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "the server's name '" + server + "' is not allowed",
          "use lower-case letters, digits, '-' and '_' in barman.server, beginning with a letter or digit");
    }
    if (connectTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "a connect timeout of " + connectTimeout + " is too short",
          "allow at least one second");
    }
    if (jobs < 1) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          jobs + " jobs cannot do any work",
          "set barman.jobs to 1 or more");
    }
    if (passphrase != null && passphrase.reveal().isBlank()) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "the passphrase of the repository is empty",
          "set barman.encryptionPassphrase to a long text, or leave it out for a repository that is not encrypted");
    }
  }

  /** With the defaults: no spool of its own, 10 seconds to connect, as many jobs as processors. */
  public static EngineConfiguration of(
      Path repository, String server, @Nullable ServerConnection connection) {
    int processors = Math.max(1, Math.min(16, Runtime.getRuntime().availableProcessors()));
    return new EngineConfiguration(
        repository, server, connection, null, Duration.ofSeconds(10), processors, null, false);
  }

  public EngineConfiguration withSpool(Path directory) {
    return new EngineConfiguration(
        repository, server, connection, directory, connectTimeout, jobs, passphrase, readOnly);
  }

  public EngineConfiguration withJobs(int threads) {
    return new EngineConfiguration(
        repository, server, connection, spool, connectTimeout, threads, passphrase, readOnly);
  }

  /** For a repository that is encrypted; one that is made becomes encrypted. */
  public EngineConfiguration withPassphrase(Secret secret) {
    return new EngineConfiguration(
        repository, server, connection, spool, connectTimeout, jobs, secret, readOnly);
  }

  /** Refuses whatever would write to the repository; also for one on a read-only file system. */
  public EngineConfiguration withReadOnly(boolean refuse) {
    return new EngineConfiguration(
        repository, server, connection, spool, connectTimeout, jobs, passphrase, refuse);
  }

  /**
   * The directory that {@code barman.repository} names: a path, where a leading {@code ~} is the home directory, or a {@code
   * file:} URI.
   *
   * @throws BarmanException for any other URI: this release keeps repositories in directories
   */
  public static Path repositoryPath(String text) {
    if (text.isBlank()) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "the repository's place is empty",
          "set barman.repository to a directory");
    }
    if (text.equals("~") || text.startsWith("~/")) {
      return Path.of(System.getProperty("user.home") + text.substring(1))
          .toAbsolutePath()
          .normalize();
    }
    if (text.toLowerCase(Locale.ROOT).startsWith("file:")) {
      return Path.of(URI.create(text)).toAbsolutePath().normalize();
    }
    if (text.matches("[A-Za-z][A-Za-z0-9+.-]+:.*")) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "the repository '" + text.substring(0, text.indexOf(':'))
              + ":…' is of a kind that this release cannot use",
          "set barman.repository to a directory or a file: URI");
    }
    return Path.of(text).toAbsolutePath().normalize();
  }
}
