package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.maven.doxia.sink.Sink;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.reporting.MavenReport;
import org.apache.maven.reporting.MavenReportException;
import org.jspecify.annotations.Nullable;

/**
 * Puts the page of the drill into the Maven site, as <code>barman.html</code>; a drill must have run before, for instance in
 * <code>verify</code>.
 *
 * <p>As a report it is listed in the site of the project that the build began with. Called by itself it writes the same page to
 * <code>target/site</code>. The page is what the drill has written, with its own style: it is not rendered anew.
 */
@Mojo(name = "report", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ReportMojo extends BarmanMojo implements MavenReport {
  private static final String NAME = "barman";

  /** Where the drill has written its reports. By default <code>target/barman</code>. */
  @Parameter(property = "barman.drill.outputDirectory")
  private @Nullable String outputDirectory;

  private @Nullable File siteDirectory;

  @Override
  void run() {
    if (!Files.isRegularFile(page())) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "there is no page of a drill at " + page(),
          "run barman:drill before, or name its folder as barman.drill.outputDirectory");
    }
    Path target = getReportOutputDirectory().toPath().resolve(NAME + ".html");
    try {
      Files.createDirectories(target.getParent());
      DurableFile.write(target, Files.readAllBytes(page()));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the page " + page() + " could not be copied to " + target,
          "look at the rights of both folders",
          e);
    }
    getLog().info("the drill's page: " + target);
  }

  /** What a site calls; nobody renders anything, so there is no sink. */
  @Override
  public void generate(@Nullable Sink sink, @Nullable Locale locale) throws MavenReportException {
    try {
      run();
    } catch (BarmanException e) {
      throw new MavenReportException(e.getMessage(), e);
    }
  }

  /** Asked in the project alone that the build began with, where the drill ran once for all: this goal is an aggregator. */
  @Override
  public boolean canGenerateReport() {
    if (isSkipped()) {
      return false;
    }
    boolean found = Files.isRegularFile(page());
    if (!found) {
      getLog()
          .warn("the site has no drill: there is no " + page()
              + ", since barman:drill did not run before");
    }
    return found;
  }

  private Path page() {
    Path named = ParameterValue.of("barman.drill.outputDirectory", outputDirectory)
        .map(value -> value.path(baseDirectory()))
        .orElse(executionRoot().resolve("target").resolve("barman"));
    return named.resolve("drill.html");
  }

  @Override
  public boolean isExternalReport() {
    return true;
  }

  @Override
  public String getOutputName() {
    return NAME;
  }

  @Override
  public String getCategoryName() {
    return CATEGORY_PROJECT_REPORTS;
  }

  @Override
  public String getName(@Nullable Locale locale) {
    return "Disaster drill";
  }

  @Override
  public String getDescription(@Nullable Locale locale) {
    return "What was lost and how long the recovery took when a PostgreSQL server was broken on purpose.";
  }

  @Override
  public void setReportOutputDirectory(File directory) {
    siteDirectory = directory;
  }

  @Override
  public File getReportOutputDirectory() {
    File directory = siteDirectory;
    return directory == null
        ? executionRoot().resolve("target").resolve("site").toFile()
        : directory;
  }
}
