package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ReportFiles;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The drill's page in a Maven site. */
class SiteReportIT {
  private static final String PAGE = "<!DOCTYPE html><p>what the drill has found</p>\n";

  @TempDir
  private Path folder;

  @Test
  void isAPageOfTheSiteOfTheProjectThatTheBuildBeganWith() throws IOException {
    Files.writeString(
        folder.resolve("pom.xml"), pom("parent", "<modules><module>one</module></modules>"));
    Files.createDirectory(folder.resolve("one"));
    Files.writeString(folder.resolve("one/pom.xml"), pom("one", ""));
    drilled();
    MavenCall.Result result = MavenCall.site(folder).run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(folder.resolve("target/site/barman.html")).hasContent(PAGE);
    assertThat(folder.resolve("target/site/project-reports.html"))
        .content()
        .contains("href=\"barman.html\"", "Disaster drill");
    assertThat(folder.resolve("one/target/site/index.html")).exists();
    assertThat(folder.resolve("one/target/site/project-reports.html")).doesNotExist();
    assertThat(folder.resolve("one/target/site/barman.html")).doesNotExist();
    assertThat(folder.resolve("target/site/barman-aggregate.html")).doesNotExist();
  }

  @Test
  void hasAPageOfAllDrillsWhereModulesHaveTheirOwn() throws IOException {
    Files.writeString(
        folder.resolve("pom.xml"),
        pom("parent", "<modules><module>one</module><module>two</module></modules>"));
    for (String module : List.of("one", "two")) {
      Files.createDirectory(folder.resolve(module));
      Files.writeString(folder.resolve(module).resolve("pom.xml"), pom(module, ""));
    }
    ReportFiles.write(drill("S01", Verdict.PASSED), folder.resolve("one/target/barman"), null);
    ReportFiles.write(
        drill("S05", Verdict.FAILED),
        folder.resolve("two/target/barman/org.example.OrdersTest.survive"),
        null);
    MavenCall.Result result = MavenCall.site(folder).run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    Path site = folder.resolve("target/site");
    assertThat(site.resolve("barman-aggregate.html"))
        .content()
        .contains("<h1>1 failed, 1 passed</h1>", "S01 of-the-test", "S05 of-the-test")
        .contains("<a href=\"barman-aggregate/2.html\">two: org.example.OrdersTest.survive</a>");
    assertThat(site.resolve("barman-aggregate/1.html"))
        .hasSameTextualContentAs(folder.resolve("one/target/barman/drill.html"));
    assertThat(site.resolve("barman-aggregate/2.html")).content().contains("S05");
    assertThat(site.resolve("project-reports.html"))
        .content()
        .contains("href=\"barman-aggregate.html\"");
    assertThat(site.resolve("barman.html")).doesNotExist();
    assertThat(folder.resolve("one/target/site/barman-aggregate.html")).doesNotExist();
  }

  @Test
  void saysThatNoModuleHasADrill() {
    MavenCall.Result result = MavenCall.of(folder, "report-aggregate", "-o").run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine())
        .startsWith("BRM-701: no module has the report of a drill in target/barman");
    assertThat(folder).isEmptyDirectory();
  }

  private static DrillReport drill(String id, Verdict verdict) {
    return new DrillReport(
        new DrillReport.Environment("embedded", "18.6", "17", "Linux amd64", 2),
        new Load(4, 1 << 20),
        Instant.parse("2026-11-23T06:00:00Z"),
        Duration.ofSeconds(3),
        42,
        "mvn",
        List.of(ScenarioResult.without(id, "of-the-test", verdict, List.of("because"))));
  }

  @Test
  void isWrittenWithoutASiteToo() throws IOException {
    drilled();
    MavenCall.Result result = MavenCall.of(folder, "report", "-o").run();
    assertThat(result.exitCode()).as(result.end()).isZero();
    assertThat(folder.resolve("target/site/barman.html")).hasContent(PAGE);
  }

  @Test
  void saysThatNoDrillHasRun() {
    MavenCall.Result result = MavenCall.of(folder, "report", "-o").run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine())
        .startsWith("BRM-701: there is no page of a drill at "
            + folder.resolve("target/barman/drill.html"));
    assertThat(folder).isEmptyDirectory();
  }

  private void drilled() throws IOException {
    Path reports = Files.createDirectories(folder.resolve("target/barman"));
    Files.writeString(reports.resolve("drill.html"), PAGE);
  }

  private static String pom(String name, String more) {
    return """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>%s</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          %s
          <build>
            <pluginManagement>
              <plugins>
                <plugin>
                  <groupId>org.apache.maven.plugins</groupId>
                  <artifactId>maven-site-plugin</artifactId>
                  <version>3.21.0</version>
                </plugin>
              </plugins>
            </pluginManagement>
          </build>
          <reporting>
            <plugins>
              <plugin>
                <groupId>io.github.barman4j</groupId>
                <artifactId>barman-maven-plugin</artifactId>
                <version>%s</version>
              </plugin>
              <plugin>
                <groupId>org.apache.maven.plugins</groupId>
                <artifactId>maven-project-info-reports-plugin</artifactId>
                <version>3.9.0</version>
                <reportSets>
                  <reportSet>
                    <reports>
                      <report>index</report>
                    </reports>
                  </reportSet>
                </reportSets>
              </plugin>
            </plugins>
          </reporting>
        </project>
        """.formatted(name, more, System.getProperty("barman.it.version"));
  }
}
