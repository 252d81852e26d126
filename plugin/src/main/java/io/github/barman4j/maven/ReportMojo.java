package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.report.RepositoryReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Puts the page of the drill into the Maven site, as <code>barman.html</code>; a drill must have run before, for instance in
 * <code>verify</code>. With <code>barman.repository</code> the page also has the backups of that repository and what can be recovered of them.
 *
 * <p>As a report it is listed in the site of the project that the build began with. Called by itself it writes the same page to
 * <code>target/site</code>. What the drill has written is not rendered anew.
 */
@Mojo(name = "report", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ReportMojo extends SiteMojo {
  private static final String NAME = "barman";

  /** Where the drill has written its reports. By default <code>target/barman</code>. */
  @Parameter(property = "barman.drill.outputDirectory")
  private @Nullable String outputDirectory;

  /** A repository whose backups are shown, too; it is only read. By default none is. */
  @Parameter(property = "barman.repository")
  private @Nullable String repository;

  /** The server's name inside the repository. */
  @Parameter(property = "barman.server", defaultValue = "main")
  private String server;

  /** The directory where WAL is received. By default it lies inside the repository. */
  @Parameter(property = "barman.spool")
  private @Nullable String spool;

  /** The id of the <code>&lt;server&gt;</code> in settings.xml that holds the passphrase of an encrypted repository. */
  @Parameter(property = "barman.serverId")
  private @Nullable String serverId;

  @Override
  void run() {
    Optional<RepositoryReport> backups = backups();
    boolean drilled = Files.isRegularFile(page());
    if (!drilled && backups.isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "there is no page of a drill at " + page(),
          "run barman:drill before, or name its folder as barman.drill.outputDirectory");
    }
    Path target = inSite(NAME + ".html");
    write(
        target,
        backups
            .map(found -> drilled ? found.behind(read(page())) : found.page())
            .orElseGet(() -> read(page())));
    getLog().info("the drill's page: " + target);
  }

  private Optional<RepositoryReport> backups() {
    Optional<RepositoryReport> found = ParameterValue.of("barman.repository", repository)
        .map(value -> RepositoryReport.of(Engine.open(place(value.text()), EventSink.NONE)));
    found.ifPresent(report -> report.unread().forEach(getLog()::warn));
    return found;
  }

  private EngineConfiguration place(String where) {
    EngineConfiguration place = new RepositoryPlace(where, server, spool)
        .configuration(baseDirectory(), null)
        .withReadOnly(true);
    return passphrase(text("barman.serverId", serverId))
        .map(place::withPassphrase)
        .orElse(place);
  }

  /** Asked in the project alone that the build began with, where the drill ran once for all: this goal is an aggregator. */
  @Override
  public boolean canGenerateReport() {
    if (isSkipped()) {
      return false;
    }
    boolean found = Files.isRegularFile(page());
    if (!found && repository == null) {
      getLog()
          .warn("the site has no drill: there is no " + page()
              + ", since barman:drill did not run before");
    }
    return found || repository != null;
  }

  private Path page() {
    Path named = ParameterValue.of("barman.drill.outputDirectory", outputDirectory)
        .map(value -> value.path(baseDirectory()))
        .orElse(executionRoot().resolve("target").resolve("barman"));
    return named.resolve("drill.html");
  }

  @Override
  public String getOutputName() {
    return NAME;
  }

  @Override
  public String getName(@Nullable Locale locale) {
    return "Disaster drill";
  }

  @Override
  public String getDescription(@Nullable Locale locale) {
    return "What was lost and how long the recovery took when a PostgreSQL server was broken on purpose.";
  }
}
