package io.github.barman4j.maven;

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

  /**
   * The id of the <code>&lt;server&gt;</code> in settings.xml that holds user name and password, and as its passphrase that of an
   * encrypted repository.
   */
  @Parameter(property = "barman.serverId")
  private @Nullable String serverId;

  /** <code>true</code> writes nothing to the repository, locks neither: for one on a read-only file system. */
  @Parameter(property = "barman.readOnly", defaultValue = "false")
  private String readOnly;

  final EngineConfiguration configuration(@Nullable ServerConnection connection) {
    EngineConfiguration configuration = new RepositoryPlace(repository, server, spool)
        .configuration(baseDirectory(), connection)
        .withReadOnly(ParameterValue.flag("barman.readOnly", readOnly));
    return passphrase(serverId()).map(configuration::withPassphrase).orElse(configuration);
  }

  final @Nullable String serverId() {
    return text("barman.serverId", serverId);
  }

  static EngineConfiguration withJobs(EngineConfiguration configuration, @Nullable String jobs) {
    return ParameterValue.of("barman.jobs", jobs)
        .map(value -> configuration.withJobs(value.wholeNumber()))
        .orElse(configuration);
  }
}
