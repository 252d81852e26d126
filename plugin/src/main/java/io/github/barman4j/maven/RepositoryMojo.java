package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/** A goal that works on one server's part of a repository. */
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
abstract class RepositoryMojo extends BarmanMojo {
  /**
   * The repository: a directory, where <code>~</code> is the home directory, or a <code>file:</code> URI.
   */
  @Parameter(property = "barman.repository", defaultValue = "~/.barman")
  private String repository;

  /** The server's name inside the repository: lower-case letters, digits, <code>-</code> and <code>_</code>. */
  @Parameter(property = "barman.server", defaultValue = "main")
  private String server;

  /** The directory where WAL is received. By default it lies inside the repository. */
  @Parameter(property = "barman.spool")
  private @Nullable String spool;

  /** <code>true</code> writes nothing to the repository, locks neither: for one on a read-only file system. */
  @Parameter(property = "barman.readOnly", defaultValue = "false")
  private String readOnly;

  final EngineConfiguration configuration(@Nullable ServerConnection connection) {
    refuseEncryption();
    String place = value("barman.repository", repository).text();
    boolean relative = !place.matches("(~|[A-Za-z][A-Za-z0-9+.-]+:).*");
    EngineConfiguration configuration = EngineConfiguration.of(
            EngineConfiguration.repositoryPath(
                relative ? baseDirectory().resolve(place).toString() : place),
            value("barman.server", server).text(),
            connection)
        .withReadOnly(ParameterValue.flag("barman.readOnly", readOnly));
    return ParameterValue.of("barman.spool", spool)
        .map(value -> configuration.withSpool(value.path(baseDirectory())))
        .orElse(configuration);
  }

  static EngineConfiguration withJobs(EngineConfiguration configuration, @Nullable String jobs) {
    return ParameterValue.of("barman.jobs", jobs)
        .map(value -> configuration.withJobs(value.wholeNumber()))
        .orElse(configuration);
  }

  /** Who gives a passphrase believes that what is stored is encrypted. */
  private void refuseEncryption() {
    if (lookup().property("barman.encryptionPassphrase") != null
        || lookup().environment("BARMAN_PASSPHRASE") != null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "an encryption passphrase is given, but this release does not encrypt repositories",
          "leave barman.encryptionPassphrase and BARMAN_PASSPHRASE out, and keep the repository on an encrypted disk");
    }
  }
}
