package io.github.barman4j.maven;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything that a restore could need: every block of every file, the pages in them, and the WAL from the backup on. The server
 * itself is not needed.
 *
 * <p>The outcome is noted beside the backup, where a restore looks for it, unless <code>barman.readOnly</code> is true. Damage and
 * gaps fail the build.
 */
@Mojo(name = "verify-backup", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class VerifyBackupMojo extends CatalogMojo {
  /**
   * The backup: its id or the beginning of it, its name, <code>latest</code>, <code>oldest</code>, or <code>all</code> for every one.
   */
  @Parameter(property = "barman.backup", defaultValue = "latest")
  private String backup;

  /** Threads that read and hash. By default as many as there are processors. */
  @Parameter(property = "barman.jobs")
  private @Nullable String jobs;

  /** <code>true</code> verifies, and notes nothing beside the backup. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  EngineConfiguration engineConfiguration() {
    return withJobs(super.engineConfiguration(), jobs);
  }

  @Override
  EventSink events() {
    return new EventLog(getLog());
  }

  @Override
  void answer(Engine engine, Output to) {
    VerifyRequest request = VerifyRequest.of(value("barman.backup", backup).text());
    VerifyReport report = engine.verify(
        ParameterValue.flag("barman.dryRun", dryRun) ? request.withoutMarks() : request);
    to.answer(VerifyText.lines(report), VerifyText.json(report));
    report.notMarked().forEach(getLog()::warn);
    if (!report.passed()) {
      throw new BadOutcomeException(
          ErrorCode.VERIFY_FAILED,
          "server '" + report.server() + "' has " + report.findings().size()
              + " findings, the first: " + report.findings().get(0),
          "a restore takes a backup that is not damaged; heal-backup brings blocks back that the server or another backup still has");
    }
  }
}
