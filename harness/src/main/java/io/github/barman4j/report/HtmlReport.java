package io.github.barman4j.report;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code drill.html}: one page that needs nothing else, neither files nor a network, and runs nothing but its own charts. Everything
 * but the charts is there without JavaScript.
 */
final class HtmlReport {
  /** The scenario without a fault. */
  static final String CONTROL = "S00";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
      .withZone(ZoneOffset.UTC);

  private HtmlReport() {}

  static String of(DrillReport report) {
    String charts = PageParts.charts();
    String program = PageParts.program();
    Markup html = PageFrame.open("Disaster drill: " + report.summary(), charts, program);
    header(html, report);
    overview(html, report);
    scenarios(html, report);
    footer(html);
    html.close();
    script(html, ChartData.of(report.scenarios()), "type", "application/json", "id", "charts");
    script(html, charts);
    script(html, program);
    return html.close().close().line().toString();
  }

  private static void script(Markup html, String content, String... attributes) {
    html.line().open("script", attributes).raw(content).close();
  }

  private static void header(Markup html, DrillReport report) {
    boolean breached = report.firstBreach().isPresent();
    boolean nothing = report.count(Verdict.PASSED) == 0;
    html.open("header", "class", breached ? "failed" : nothing ? "skipped" : "passed")
        .element("p", "Disaster drill", "class", "kicker")
        .element("h1", headline(report));
    report
        .firstBreach()
        .ifPresent(breach -> html.element("p", breach, "class", "breach")
            .element(
                "p",
                "Of " + report.scenarios().size() + ": " + report.summary(),
                "class",
                "facts"));
    DrillReport.Environment environment = report.environment();
    html.element(
            "p",
            "PostgreSQL " + environment.postgres() + " · " + environment.kind() + " · Java "
                + environment.java() + " · " + environment.system() + ", "
                + environment.processors() + " processors · " + report.load().writers()
                + " writers on " + Figures.bytes(report.load().databaseBytes()),
            "class",
            "facts")
        .element(
            "p",
            TIME.format(report.startedAt()) + " · " + Figures.seconds(report.took())
                + " s in all · seed " + report.seed(),
            "class",
            "facts")
        .close();
  }

  /** What is wrong comes first, and alone. */
  private static String headline(DrillReport report) {
    long passed = report.count(Verdict.PASSED);
    if (passed > 0 && passed == report.scenarios().size()) {
      return "All " + passed + " passed";
    }
    return report.firstBreach().isEmpty()
        ? report.summary()
        : Stream.of(Verdict.FAILED, Verdict.INCONCLUSIVE)
            .filter(verdict -> report.count(verdict) > 0)
            .map(verdict -> report.count(verdict) + " " + verdict.text())
            .collect(Collectors.joining(", "));
  }

  private static void overview(Markup html, DrillReport report) {
    html.open("nav", "class", "strip", "aria-label", "verdicts");
    for (int i = 0; i < report.scenarios().size(); i++) {
      ScenarioResult result = report.scenarios().get(i);
      html.element(
          "a",
          result.id(),
          "href",
          "#s" + i,
          "class",
          result.verdict().text(),
          "title",
          result.title() + ": " + result.verdict().text());
    }
    html.close();
    html.open("dl", "class", "tiles");
    long acknowledged = report.scenarios().stream()
        .flatMap(result -> result.rpo().stream())
        .mapToLong(Rpo::acknowledged)
        .sum();
    tile(html, "commits acknowledged and looked for", Figures.grouped(acknowledged));
    tile(html, "lost beyond the limits", Figures.grouped(lostBeyondLimits(report)));
    slowest(report)
        .ifPresent(result -> tile(
            html,
            "slowest recovery, " + result.id(),
            Figures.seconds(result.rto().orElseThrow().total()) + " s"));
    long checks =
        report.scenarios().stream().mapToLong(result -> result.checks().size()).sum();
    tile(html, "checks of what came back", Figures.grouped(checks));
    html.close();
  }

  /** The negative control loses on purpose, and has passed. */
  private static long lostBeyondLimits(DrillReport report) {
    return report.scenarios().stream()
        .filter(result -> result.verdict() != Verdict.PASSED)
        .flatMap(result -> result.rpo().stream()
            .map(rpo ->
                rpo.lostTransactions() - result.limits().lostTransactions().orElse(Long.MAX_VALUE)))
        .mapToLong(beyond -> Math.max(0, beyond))
        .sum();
  }

  private static void tile(Markup html, String name, String value) {
    html.open("div").element("dd", value).element("dt", name).close();
  }

  private static void scenarios(Markup html, DrillReport report) {
    html.open("section", "class", "scenarios", "aria-label", "scenarios");
    Duration slowest =
        slowest(report).flatMap(ScenarioResult::rto).map(Rto::total).orElse(Duration.ZERO);
    Optional<Duration> control = report.scenarios().stream()
        .filter(result -> result.id().equals(CONTROL))
        .flatMap(result -> result.rto().stream())
        .map(Rto::total)
        .findFirst();
    ScenarioSection section = new ScenarioSection(report, slowest, control);
    List<ScenarioResult> results = report.scenarios();
    for (int i = 0; i < results.size(); i++) {
      section.write(html, results.get(i), i);
    }
    html.close();
  }

  private static Optional<ScenarioResult> slowest(DrillReport report) {
    return report.scenarios().stream()
        .filter(result -> result.rto().isPresent())
        .max((one, other) ->
            one.rto().orElseThrow().total().compareTo(other.rto().orElseThrow().total()));
  }

  private static void footer(Markup html) {
    html.line()
        .open("footer")
        .element(
            "p",
            "Lost: commits that the server had acknowledged and that were not there afterwards. RPO: the age"
                + " of the oldest of them at the fault. RTO: from the fault to the first durable"
                + " write. Bars are drawn to the slowest recovery. Everything is in drill.json"
                + " beside this page.")
        .open("details")
        .element("summary", "Charts: uPlot, MIT licence")
        .element("pre", PageParts.chartsLicence())
        .close()
        .close();
  }
}
