package io.github.barman4j.maven;

import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.StoredCompression;
import io.github.barman4j.engine.WireCompression;
import java.util.OptionalLong;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Takes a base backup of a running server, with all WAL that it needs.
 *
 * <p>The server may be anywhere: nothing but its port and a role with the REPLICATION attribute is needed. What an earlier
 * backup stored already is not stored again.
 */
@Mojo(name = "backup", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class BackupMojo extends ServerMojo {
  enum Method {
    STREAM
  }

  /** How the bytes are read: <code>stream</code>, by the replication protocol. */
  @Parameter(property = "barman.method", defaultValue = "stream")
  private String method;

  /** Threads that hash, compress and write. By default as many as there are processors. */
  @Parameter(property = "barman.jobs")
  private @Nullable String jobs;

  /** How blocks are compressed in the repository: <code>zstd</code> or <code>none</code>. */
  @Parameter(property = "barman.compression", defaultValue = "zstd")
  private String compression;

  /** The level of Zstandard, 1 to 19. */
  @Parameter(property = "barman.compressionLevel", defaultValue = "1")
  private String compressionLevel;

  /**
   * How the server compresses what it sends: <code>auto</code>, <code>zstd</code>, <code>lz4</code>, <code>gzip</code> or
   * <code>none</code>.
   */
  @Parameter(property = "barman.wireCompression", defaultValue = "auto")
  private String wireCompression;

  /** The most bytes a second that the server sends, 32kB to 1GB. By default there is no limit. */
  @Parameter(property = "barman.maxRate")
  private @Nullable String maxRate;

  /** <code>true</code> begins with a fast checkpoint; <code>false</code> waits for a spread one, which loads the server less. */
  @Parameter(property = "barman.immediateCheckpoint", defaultValue = "true")
  private String immediateCheckpoint;

  /** A name for the backup, unique in the catalog, that goals take instead of its id. */
  @Parameter(property = "barman.name")
  private @Nullable String name;

  /** <code>true</code> stores every block anew, whatever earlier backups have. */
  @Parameter(property = "barman.fresh", defaultValue = "false")
  private String fresh;

  /** How long to wait for the WAL that the backup needs, in ISO-8601. */
  @Parameter(property = "barman.waitTimeout", defaultValue = "PT5M")
  private String waitTimeout;

  /** How often to begin again after a failure. */
  @Parameter(property = "barman.retryTimes", defaultValue = "0")
  private String retryTimes;

  /** How long to wait before that, in ISO-8601. */
  @Parameter(property = "barman.retrySleep", defaultValue = "PT30S")
  private String retrySleep;

  /** <code>true</code> prints what would be done, and does nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    EngineConfiguration configuration = withJobs(configuration(), jobs);
    BackupRequest request = request();
    Engine engine = Engine.open(configuration, new EventLog(getLog()));
    if (ParameterValue.flag("barman.dryRun", dryRun)) {
      getLog().info("would take a backup of server '" + configuration.server() + "'");
      engine.planBackup(request).reasons().forEach(getLog()::info);
      return;
    }
    BackupText.details(engine.backup(request).backup()).forEach(getLog()::info);
  }

  private BackupRequest request() {
    value("barman.method", method).choice(Method.class);
    return new BackupRequest(
        text("barman.name", name),
        value("barman.compression", compression).choice(StoredCompression.class),
        value("barman.compressionLevel", compressionLevel).wholeNumber(),
        value("barman.wireCompression", wireCompression).choice(WireCompression.class),
        ParameterValue.of("barman.maxRate", maxRate)
            .map(value -> OptionalLong.of(value.bytes()))
            .orElse(OptionalLong.empty()),
        value("barman.immediateCheckpoint", immediateCheckpoint).flag(),
        value("barman.fresh", fresh).flag(),
        value("barman.waitTimeout", waitTimeout).duration(),
        value("barman.retryTimes", retryTimes).wholeNumber(),
        value("barman.retrySleep", retrySleep).duration());
  }
}
