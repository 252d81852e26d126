package io.github.barman4j.maven;

import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.SwitchWalReport;
import io.github.barman4j.engine.SwitchWalRequest;
import java.time.Instant;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Makes a restore point, and ends the WAL segment that the server writes, so that it can be archived.
 *
 * <p>The role must be allowed to call <code>pg_create_restore_point</code> and <code>pg_switch_wal</code>.
 */
@Mojo(name = "switch-wal", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class SwitchWalMojo extends ServerMojo {
  /**
   * The name of the restore point, which <code>restore</code> takes as <code>barman.targetName</code>. By default
   * <code>barman_</code> and the time in UTC.
   */
  @Parameter(property = "barman.restorePoint")
  private @Nullable String restorePoint;

  /** <code>true</code> waits until the ended segment is in the archive, and fails when it does not come. */
  @Parameter(property = "barman.waitArchived", defaultValue = "false")
  private String waitArchived;

  /** How long to wait for that, in ISO-8601. */
  @Parameter(property = "barman.waitTimeout", defaultValue = "PT30S")
  private String waitTimeout;

  /** <code>true</code> prints what would be done, and does nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    String named = text("barman.restorePoint", restorePoint);
    SwitchWalRequest request = new SwitchWalRequest(
        named == null ? SwitchWalRequest.restorePointAt(Instant.now()) : named,
        value("barman.waitArchived", waitArchived).flag(),
        value("barman.waitTimeout", waitTimeout).duration());
    boolean plan = ParameterValue.flag("barman.dryRun", dryRun);
    Engine engine = Engine.open(configuration(), new EventLog(getLog()));
    if (plan) {
      engine.checkSwitchWal(request);
      getLog()
          .info("would make restore point '" + request.restorePoint() + "' and switch WAL"
              + (request.waitArchived() ? ", and wait until the segment is archived" : ""));
      return;
    }
    SwitchWalReport report = engine.switchWal(request);
    getLog()
        .info("restore point '" + report.restorePoint() + "' is at " + report.restorePointEnd());
    getLog()
        .info("segment " + report.segment() + " is ended"
            + (report.archived() ? " and archived" : ""));
  }
}
