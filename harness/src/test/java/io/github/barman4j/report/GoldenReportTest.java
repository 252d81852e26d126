package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.InputSource;

/** After a wanted change of a form, {@code -Dgolden.write} writes the expected files anew; read the difference before committing. */
class GoldenReportTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/github/barman4j/report");

  @TempDir
  Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"drill.json", "TEST-barman.drill.xml", "drill.md"})
  void writesTheKnownForm(String name) throws IOException {
    ReportFiles.write(report(), folder.resolve("new/folder"), null);
    compare(name, Files.readString(folder.resolve("new/folder").resolve(name)));
  }

  @Test
  void writesTheKnownTable() throws IOException {
    assertThat(ConsoleTable.of(report())).allMatch(line -> line.lines().count() == 1);
    compare("console.txt", String.join("\n", ConsoleTable.of(report())) + "\n");
  }

  @Test
  void namesPhasesInTheirOrderAlsoWhenTheFirstScenarioLacksSome() {
    Phase write = new Phase("write", Duration.ofMillis(1));
    Rto shorter = new Rto(write.took(), List.of(write), List.of(), Optional.empty(), List.of());
    DrillReport known = report();
    List<ScenarioResult> results = new ArrayList<>(known.scenarios());
    results.add(0, results.get(0).withRto(shorter));
    assertThat(ConsoleTable.of(new DrillReport(
                known.environment(),
                known.load(),
                known.startedAt(),
                known.took(),
                known.seed(),
                known.command(),
                results))
            .get(1))
        .containsSubsequence("detect", "plan", "restore", "start", "write");
  }

  @Test
  void keepsWhatOthersRelyOnInJson() throws IOException {
    JsonNode root = new ObjectMapper().readTree(JsonReport.of(report()));
    assertThat(root.at("/schema").asInt()).isEqualTo(1);
    JsonNode passed = root.at("/scenarios/0");
    assertThat(passed.at("/verdict").asText()).isEqualTo("passed");
    assertThat(passed.at("/limits/rpoSeconds").isNull()).isTrue();
    assertThat(passed.at("/rto/seconds").decimalValue()).isEqualByComparingTo("3.21");
    double sum = 0;
    for (JsonNode phase : passed.at("/rto/phases")) {
      sum += phase.get("seconds").asDouble();
    }
    assertThat(sum).isCloseTo(3.21, org.assertj.core.data.Offset.offset(1e-9));
    assertThat(root.at("/scenarios/3/rpo").isNull()).isTrue();
  }

  @Test
  void writesXmlThatAnyParserReads() throws Exception {
    var document = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(JUnitReport.of(report()))));
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(4);
    assertThat(document.getDocumentElement().getAttribute("failures")).isEqualTo("2");
    assertThat(document.getDocumentElement().getAttribute("skipped")).isEqualTo("1");
  }

  @Test
  void appendsTheMarkdownToTheStepSummary() throws IOException {
    Path summary = Files.writeString(folder.resolve("summary.md"), "# Before\n");
    ReportFiles.write(report(), folder, summary);
    assertThat(summary).hasContent("# Before\n" + Files.readString(folder.resolve("drill.md")));
  }

  @Test
  void namesTheFirstBreach() {
    assertThat(report().firstBreach())
        .contains(
            "S05 dropped-table (xid): lost 3 acknowledged commits, 3 more than the limit of 0");
    assertThat(report().summary()).isEqualTo("1 passed, 1 skipped, 1 inconclusive, 1 failed");
  }

  private static void compare(String name, String found) throws IOException {
    Path golden = GOLDEN.resolve(name);
    if (System.getProperty("golden.write") != null) {
      Files.writeString(golden, found);
    }
    assertThat(found).isEqualTo(Files.readString(golden));
  }

  static DrillReport report() {
    Limits limits =
        new Limits(OptionalLong.of(0), Optional.empty(), Optional.of(Duration.ofSeconds(60)));
    return new DrillReport(
        new DrillReport.Environment("embedded", "18.6", "17.0.15", "Linux amd64", 2),
        new Load(4, 33_554_432),
        Instant.parse("2026-11-23T06:01:02.345678Z"),
        Duration.ofMillis(21_500),
        42,
        "mvn io.github.barman4j:barman-maven-plugin:1.0:drill -Dbarman.drill.seed=42",
        List.of(
            new ScenarioResult(
                "S01",
                "kill-primary-synchronous",
                Optional.empty(),
                Verdict.PASSED,
                List.of(),
                limits,
                Optional.of(new Rpo(
                    1234, 0, Duration.ZERO, 0, 0, 0, 3, 1, 0, Optional.of(Duration.ofMillis(2)))),
                Optional.of(rto(List.of(Duration.ofMillis(3210)))),
                Optional.of(
                    new Restored("20261123T060102Z-1a2b", 25_000_000, 981, 12_500_000, 4, 2)),
                List.of(
                    new Check("ledger", true, "1 234 rows, no payload is damaged"),
                    new Check("tables", true, "3 tables are equal")),
                List.of(
                    new Figure("acknowledgedAfterBackup", 1100),
                    new Figure("acknowledgedInPartialSegment", 300)),
                Optional.of(traffic()),
                List.of(earlier())),
            new ScenarioResult(
                "S05",
                "dropped-table",
                Optional.of("xid"),
                Verdict.FAILED,
                List.of(
                    "lost 3 acknowledged commits, 3 more than the limit of 0",
                    "check tables failed: table public.\"a|b\" is missing\u0001 & <gone>\n  now"),
                limits,
                Optional.of(new Rpo(
                    900, 3, Duration.ofNanos(1_234_567), 4096, 0, 1, 0, 0, 0, Optional.empty())),
                Optional.of(rto(List.of(
                    Duration.ofMillis(3000), Duration.ofMillis(3210), Duration.ofMillis(9999)))),
                Optional.of(new Restored("20261123T060102Z-1a2b", 900, 981, 900, 4, 2)),
                List.of(new Check("tables", false, "table public.\"a|b\" is missing")),
                List.of()),
            ScenarioResult.without(
                "S02",
                "kill-primary-asynchronous",
                Verdict.INCONCLUSIVE,
                List.of("there was nothing to lose")),
            ScenarioResult.without(
                "S13",
                "reset-connection",
                Verdict.SKIPPED,
                List.of("there is no toxiproxy-server"))));
  }

  private static Traffic traffic() {
    return new Traffic(
        Duration.ofMillis(100),
        List.of(
            new Sample(Duration.ofMillis(-100), 40, 9000, OptionalLong.empty()),
            new Sample(Duration.ZERO, 41, 18_000, OptionalLong.of(17_500))));
  }

  private static HistoryEntry earlier() {
    return new HistoryEntry(
        Instant.parse("2026-11-22T06:01:02Z"),
        new DrillReport.Environment("embedded", "18.6", "17.0.15", "Linux amd64", 2),
        new Load(4, 33_554_432),
        42,
        "S01",
        "kill-primary-synchronous",
        Optional.empty(),
        Verdict.PASSED,
        OptionalLong.of(0),
        Optional.of(Duration.ZERO),
        Optional.of(Duration.ofMillis(3100)));
  }

  private static Rto rto(List<Duration> runs) {
    return new Rto(
        Duration.ofMillis(3210),
        List.of(
            new Phase("detect", Duration.ofMillis(10)),
            new Phase("plan", Duration.ofMillis(100)),
            new Phase("restore", Duration.ofMillis(2000)),
            new Phase("start", Duration.ofMillis(1099)),
            new Phase("write", Duration.ofMillis(1))),
        List.of(new Phase("validate", Duration.ofMillis(400))),
        Optional.of(Duration.ofMillis(3000)),
        runs);
  }
}
