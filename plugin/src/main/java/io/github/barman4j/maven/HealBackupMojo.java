package io.github.barman4j.maven;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.verify.Finding;
import io.github.barman4j.verify.HealReport;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Brings damaged blocks of a backup back: from other backups, and with <code>barman.url</code> from the server, where its files still
 * hold the same bytes. Then it verifies the backup and its WAL, and fails the build when something is still damaged or missing.
 */
@Mojo(name = "heal-backup", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class HealBackupMojo extends ServerMojo {
  /** The backup: its id or the beginning of it, its name, <code>latest</code> or <code>oldest</code>. */
  @Parameter(property = "barman.backup", defaultValue = "latest")
  private String backup;

  /** Threads that read and hash. By default as many as there are processors. */
  @Parameter(property = "barman.jobs")
  private @Nullable String jobs;

  /** <code>true</code> verifies and prints what is damaged, and heals nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    boolean plan = ParameterValue.flag("barman.dryRun", dryRun);
    String selector = value("barman.backup", backup).text();
    Engine engine = Engine.open(
        withJobs(configuration(connection().orElse(null)), jobs), new EventLog(getLog()));
    if (plan) {
      VerifyReport found = engine.verify(VerifyRequest.of(selector).withoutMarks());
      getLog().info("would try to heal what is damaged: " + found.findings().size() + " findings");
      found.findings().forEach(finding -> getLog().info(finding.toString()));
      return;
    }
    HealReport report = engine.heal(selector);
    getLog()
        .info("healed: " + report.fromBackups() + " blocks from other backups, "
            + report.fromServer() + " from the server");
    for (Finding lost : report.lost()) {
      getLog().warn("not healed: " + lost);
    }
    VerifyText.lines(report.verification()).forEach(getLog()::info);
    // Not report.passed(), which leaves out the log after the backup: that is not healed either.
    if (!report.verification().passed()) {
      throw new BadOutcomeException(
          ErrorCode.VERIFY_FAILED,
          "backup '" + selector + "' is not whole after healing: "
              + report.verification().findings().get(0),
          "take a new backup, with barman.fresh; a restore takes an older one until then");
    }
  }
}
