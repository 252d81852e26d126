package io.github.barman4j.maven;

import io.github.barman4j.engine.Engine;
import io.github.barman4j.restore.Reachability;
import io.github.barman4j.restore.Reachability.Reachable;
import io.github.barman4j.restore.Reachability.Unreachable;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.TargetText;
import io.github.barman4j.restore.TargetTimeline;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Shows which moments a restore can reach: for each timeline the windows without a gap, and the restore points in them. With a target
 * it answers for that one, and fails the build when it cannot be reached. Neither the server nor a directory is needed.
 */
@Mojo(name = "recoverable", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class RecoverableMojo extends CatalogMojo {
  /** The moment, ISO-8601 with a zone: <code>2026-03-01T14:30:00+01:00</code>. */
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

  /** <code>true</code> asks for the end of a backup. */
  @Parameter(property = "barman.targetImmediate", defaultValue = "false")
  private String targetImmediate;

  /** <code>true</code> replays what lies exactly at the target; <code>false</code> stops just before. */
  @Parameter(property = "barman.targetInclusive", defaultValue = "true")
  private String targetInclusive;

  /** The timeline to follow to the target: a number, <code>latest</code> or <code>current</code>, that of the backup. */
  @Parameter(property = "barman.targetTimeline", defaultValue = "latest")
  private String targetTimeline;

  @Override
  void answer(Engine engine, Output to) {
    RecoveryTarget target = new TargetText(
            text("barman.targetTime", targetTime),
            text("barman.targetLsn", targetLsn),
            text("barman.targetXid", targetXid),
            text("barman.targetName", targetName),
            ParameterValue.flag("barman.targetImmediate", targetImmediate),
            ParameterValue.flag("barman.targetInclusive", targetInclusive))
        .target();
    TargetTimeline timeline =
        TargetTimeline.parse(value("barman.targetTimeline", targetTimeline).text());
    if (target instanceof RecoveryTarget.Latest) {
      RecoverableText.windows(engine.configuration().server(), engine.recoverable(), to);
      return;
    }
    Reachability answer = engine.recoverable(target, timeline);
    if (answer instanceof Reachable reachable) {
      RecoverableText.reachable(engine.configuration().server(), reachable.plan(), to);
    } else {
      Unreachable unreachable = (Unreachable) answer;
      RecoverableText.unreachable(engine.configuration().server(), unreachable, to);
      throw new BadOutcomeException(unreachable.code(), unreachable.problem(), unreachable.hint());
    }
  }
}
