package io.github.barman4j.report;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/** The page of a site: what a drill has found, and what lies in a repository. */
final class SitePage {
  private static final String END_OF_DRILL = "\n<footer>";

  private SitePage() {}

  /** The repository alone. */
  static String of(RepositoryReport repository) {
    Markup html = PageFrame.open("Backups of server " + repository.server());
    RepositorySection.write(html, repository);
    return html.close().close().close().line().toString();
  }

  /**
   * A drill's page with the repository behind the scenarios.
   *
   * @param drill as {@link ReportFiles} has written it
   * @throws BarmanException with code DRILL_CONFIGURATION when it is none
   */
  static String of(String drill, RepositoryReport repository) {
    int end = drill.lastIndexOf(END_OF_DRILL);
    if (end < 0) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the page is none that a drill of this release has written",
          "run barman:drill again");
    }
    Markup section = new Markup();
    RepositorySection.write(section, repository);
    return drill.substring(0, end) + section + drill.substring(end);
  }
}
