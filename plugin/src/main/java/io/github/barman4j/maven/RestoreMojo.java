package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.restore.TargetAction;
import io.github.barman4j.restore.TargetText;
import io.github.barman4j.restore.TargetTimeline;
import java.nio.file.Path;
import java.util.Map;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Brings a data directory back to a moment.
 *
 * <p>The original server is not needed. A target that the archive cannot reach is refused before the first byte is written.
 */
@Mojo(name = "restore", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class RestoreMojo extends RepositoryMojo {
  enum Archiving {
    OFF,
    KEEP
  }

  enum SynchronousStandbys {
    CLEAR,
    KEEP
  }

  /** The new data directory. It must be empty or not exist, unless <code>barman.delta</code> is true. */
  @Parameter(property = "barman.restoreTo")
  private @Nullable String restoreTo;

  /**
   * The backup to begin with: its id, its name, <code>latest</code> or <code>oldest</code>. By default it is chosen for the
   * target.
   */
  @Parameter(property = "barman.backup")
  private @Nullable String backup;

  /** The moment, ISO-8601 with a zone: <code>2026-03-01T14:30:00+01:00</code>. Without a target all WAL is replayed. */
  @Parameter(property = "barman.targetTime")
  private @Nullable String targetTime;

  /** The position in the WAL: <code>0/16B3748</code>. */
  @Parameter(property = "barman.targetLsn")
  private @Nullable String targetLsn;

  /** The transaction, as <code>pg_current_xact_id()</code> writes it. */
  @Parameter(property = "barman.targetXid")
  private @Nullable String targetXid;

  /** The restore point that <code>pg_create_restore_point()</code> made. */
  @Parameter(property = "barman.targetName")
  private @Nullable String targetName;

  /** <code>true</code> stops at the end of the backup. */
  @Parameter(property = "barman.targetImmediate", defaultValue = "false")
  private String targetImmediate;

  /** <code>true</code> replays what lies exactly at the target; <code>false</code> stops just before. */
  @Parameter(property = "barman.targetInclusive", defaultValue = "true")
  private String targetInclusive;

  /** The timeline to follow: a number, <code>latest</code> or <code>current</code>, that of the backup. */
  @Parameter(property = "barman.targetTimeline", defaultValue = "latest")
  private String targetTimeline;

  /** What the server does at the target: <code>promote</code>, <code>pause</code> or <code>shutdown</code>. */
  @Parameter(property = "barman.targetAction", defaultValue = "promote")
  private String targetAction;

  /**
   * <code>true</code> restores over a stopped cluster of the same system identifier, or over an unfinished restore: only blocks that
   * differ are written, and files that the backup does not have are deleted.
   */
  @Parameter(property = "barman.delta", defaultValue = "false")
  private String delta;

  /** <code>true</code> makes a standby, which stays in recovery until it is promoted. */
  @Parameter(property = "barman.standby", defaultValue = "false")
  private String standby;

  /** What a standby connects to its primary with, without a password: <code>host=db1 user=replicator</code>. */
  @Parameter(property = "barman.primaryConninfo")
  private @Nullable String primaryConninfo;

  /** The folder of the programs that the restored cluster will be started with: another major version is refused. */
  @Parameter(property = "barman.postgresBin")
  private @Nullable String postgresBin;

  /** <code>true</code> restores the named backup although it is marked as damaged. */
  @Parameter(property = "barman.acceptDamaged", defaultValue = "false")
  private String acceptDamaged;

  /** Directories for the tablespaces: <code>name=/directory,…</code>. Each must be empty or not exist. */
  @Parameter(property = "barman.tablespaces")
  private @Nullable String tablespaces;

  /** Threads that read and write. By default as many as there are processors. */
  @Parameter(property = "barman.jobs")
  private @Nullable String jobs;

  /**
   * <code>off</code> switches archiving off in the restored server, so that it cannot write into the archive of the original;
   * <code>keep</code> leaves it as it was.
   */
  @Parameter(property = "barman.archiving", defaultValue = "off")
  private String archiving;

  /**
   * <code>clear</code> empties <code>synchronous_standby_names</code>, without which the first commit could wait for ever;
   * <code>keep</code> leaves it as it was.
   */
  @Parameter(property = "barman.synchronousStandbys", defaultValue = "clear")
  private String synchronousStandbys;

  /** The operating system's user who owns the files, when the goal runs as root. By default <code>postgres</code>. */
  @Parameter(property = "barman.owner")
  private @Nullable String owner;

  /** <code>true</code> prints the plan, and does nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    RestoreRequest request = request();
    Engine engine = Engine.open(withJobs(configuration(null), jobs), new EventLog(getLog()));
    if (ParameterValue.flag("barman.dryRun", dryRun)) {
      show(engine.planRestore(request), request);
      return;
    }
    RestoreResult result = engine.restore(request);
    getLog()
        .info("restored backup " + result.backup() + " to " + result.directory() + " in "
            + Quantity.duration(result.total()));
    show("files", result.base());
    show("WAL segments", result.wal());
    result.delta().ifPresent(this::show);
    for (String fallback : result.fallbacks()) {
      getLog().warn(fallback);
    }
    getLog()
        .info("recovery stops at " + result.target() + ", on timeline "
            + result.timeline().id());
    result.changes().forEach(change -> getLog().info("changed: " + change));
    getLog().info("What to do next:");
    for (int i = 0; i < result.nextSteps().size(); i++) {
      getLog().info((i + 1) + ". " + result.nextSteps().get(i));
    }
  }

  private void show(RestorePlan plan, RestoreRequest request) {
    getLog().info("would restore backup " + plan.backup().id() + " to " + request.directory());
    getLog().info("files: " + Quantity.bytes(plan.backup().sizes().databaseBytes()));
    getLog()
        .info("WAL segments: " + plan.wal().size() + ", " + Quantity.bytes(plan.walBytes())
            + ", up to " + plan.walEnd());
    getLog()
        .info("recovery stops at " + plan.target().describe() + ", on timeline "
            + plan.timeline().id());
    plan.reasons().forEach(getLog()::info);
  }

  private void show(String what, RestoreResult.Phase phase) {
    getLog()
        .info(what + ": " + phase.count() + ", " + Quantity.bytes(phase.bytes()) + " in "
            + Quantity.duration(phase.took()));
  }

  private void show(RestoreResult.Delta delta) {
    getLog()
        .info((delta.resumed() ? "an unfinished restore was taken up: " : "what was there: ")
            + delta.blocksKept() + " blocks kept, " + delta.blocksWritten() + " written, "
            + delta.removed() + " files removed");
  }

  private RestoreRequest request() {
    TargetText target = new TargetText(
        text("barman.targetTime", targetTime),
        text("barman.targetLsn", targetLsn),
        text("barman.targetXid", targetXid),
        text("barman.targetName", targetName),
        ParameterValue.flag("barman.targetImmediate", targetImmediate),
        ParameterValue.flag("barman.targetInclusive", targetInclusive));
    return RestoreRequest.to(directory())
        .backup(text("barman.backup", backup))
        .target(target.target())
        .timeline(
            TargetTimeline.parse(value("barman.targetTimeline", targetTimeline).text()))
        .action(value("barman.targetAction", targetAction).choice(TargetAction.class))
        .tablespaces(ParameterValue.of("barman.tablespaces", tablespaces)
            .map(TablespaceMapping::parse)
            .orElse(Map.of()))
        .keepArchiving(
            value("barman.archiving", archiving).choice(Archiving.class) == Archiving.KEEP)
        .keepSynchronousStandbys(value("barman.synchronousStandbys", synchronousStandbys)
                .choice(SynchronousStandbys.class)
            == SynchronousStandbys.KEEP)
        .owner(text("barman.owner", owner))
        .delta(ParameterValue.flag("barman.delta", delta))
        .standby(ParameterValue.flag("barman.standby", standby))
        .primaryConninfo(text("barman.primaryConninfo", primaryConninfo))
        .postgresBin(ParameterValue.of("barman.postgresBin", postgresBin)
            .map(folder -> folder.path(baseDirectory()))
            .orElse(null))
        .acceptDamaged(ParameterValue.flag("barman.acceptDamaged", acceptDamaged))
        .build();
  }

  private Path directory() {
    return ParameterValue.of("barman.restoreTo", restoreTo)
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "no directory is named to restore to",
            "set barman.restoreTo to a directory that is empty or does not exist"))
        .path(baseDirectory());
  }
}
