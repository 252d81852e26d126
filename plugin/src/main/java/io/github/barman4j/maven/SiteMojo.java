package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.apache.maven.doxia.sink.Sink;
import org.apache.maven.reporting.MavenReport;
import org.apache.maven.reporting.MavenReportException;
import org.jspecify.annotations.Nullable;

/** A goal that puts a page of its own, with its own style, into the Maven site; nothing of it is rendered anew. */
abstract class SiteMojo extends BarmanMojo implements MavenReport {
  private @Nullable File siteDirectory;

  /** What a site calls; nobody renders anything, so there is no sink. */
  @Override
  public final void generate(@Nullable Sink sink, @Nullable Locale locale)
      throws MavenReportException {
    try {
      run();
    } catch (BarmanException e) {
      throw new MavenReportException(e.getMessage(), e);
    }
  }

  /** A file of the site, by its path in it. */
  final Path inSite(String name) {
    return getReportOutputDirectory().toPath().resolve(name);
  }

  final void write(Path file, String page) {
    try {
      Files.createDirectories(file.getParent());
      DurableFile.write(file, page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the page " + file + " could not be written",
          "look at the rights of its folder",
          e);
    }
  }

  static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the page " + page + " could not be read: " + e,
          "look at its rights, or run barman:drill again",
          e);
    }
  }

  @Override
  public final boolean isExternalReport() {
    return true;
  }

  @Override
  public final String getCategoryName() {
    return CATEGORY_PROJECT_REPORTS;
  }

  @Override
  public final void setReportOutputDirectory(File directory) {
    siteDirectory = directory;
  }

  @Override
  public final File getReportOutputDirectory() {
    File directory = siteDirectory;
    return directory == null
        ? executionRoot().resolve("target").resolve("site").toFile()
        : directory;
  }
}
