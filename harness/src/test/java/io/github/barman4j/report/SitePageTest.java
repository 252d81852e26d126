package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SitePageTest {
  private static final RepositoryReport UNREAD = new RepositoryReport(
      "/backups",
      "prod",
      Instant.parse("2026-11-24T02:00:00Z"),
      Optional.empty(),
      Optional.empty(),
      List.of("the catalog could not be read: BRM-301: <broken>"));

  @Test
  void putsTheRepositoryBehindTheScenariosOfADrill() {
    String drill = HtmlReport.of(GoldenReportTest.report());
    String page = SitePage.of(drill, UNREAD);
    int at = page.indexOf("<h2>Backups of server prod</h2>");
    assertThat(at).isBetween(page.indexOf("S13 reset-connection"), page.lastIndexOf("<footer>"));
    assertThat(page.replaceAll("(?s)\n<section class=\"repository\".*?</section>", ""))
        .isEqualTo(drill);
  }

  @Test
  void saysWhatCouldNotBeRead() {
    assertThat(SitePage.of(UNREAD))
        .contains("the catalog could not be read: BRM-301: &lt;broken&gt;")
        .contains("/backups · read, and nothing else, at 2026-11-24 02:00:00 UTC")
        .doesNotContain("What can be recovered");
  }

  @Test
  void refusesAPageThatNoDrillHasWritten() {
    assertThatThrownBy(() -> SitePage.of("<p>hello</p>", UNREAD))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("none that a drill of this release has written");
  }

  @Test
  void tellsARepositoryThatIsNotThere(@TempDir Path folder) {
    RepositoryReport report = RepositoryReport.of(Engine.open(
        EngineConfiguration.of(folder.resolve("nowhere"), "prod", null).withReadOnly(true),
        EventSink.NONE));
    assertThat(report.catalog()).isEmpty();
    assertThat(report.recoverable()).isEmpty();
    assertThat(report.unread())
        .hasSize(2)
        .allSatisfy(text -> assertThat(text).contains("could not be read: BRM-", "nowhere"));
    assertThat(folder).isEmptyDirectory();
  }
}
