package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.retention.DeletionPlan;
import io.github.barman4j.retention.DeletionReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Deletes one backup, and what nothing else needs: its packs, and the WAL before the oldest backup that remains. Other backups stay
 * whole, in whatever order backups are deleted.
 */
@Mojo(name = "delete", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class DeleteMojo extends RepositoryMojo {
  /**
   * The backup: its id or the beginning of it, its name, <code>latest</code> or <code>oldest</code>; its whole id when its catalog
   * entry is damaged. There is no default: what is
   * deleted must be named.
   */
  @Parameter(property = "barman.backup")
  private @Nullable String backup;

  /** <code>true</code> prints what would be deleted, and why, and deletes nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    String selector = ParameterValue.of("barman.backup", backup)
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "no backup is named to be deleted",
            "set barman.backup to an id or a name that list-backups shows"))
        .text();
    boolean plan = ParameterValue.flag("barman.dryRun", dryRun);
    Engine engine = Engine.open(configuration(null), new EventLog(getLog()));
    DeletionPlan decided = engine.planDelete(selector);
    if (plan) {
      getLog().info("would delete backup " + decided.backup());
      decided.reasons().forEach(getLog()::info);
      return;
    }
    DeletionReport report = engine.delete(decided);
    report.reasons().forEach(getLog()::info);
    getLog()
        .info("deleted backup " + report.backup() + ": " + report.packs() + " packs and "
            + report.walSegments() + " WAL segments, " + Quantity.bytes(report.freedBytes())
            + " freed");
  }
}
