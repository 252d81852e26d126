package io.github.barman4j.report;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One page for a build in which several modules have drills of their own: every verdict, and the way to each drill's page. */
final class ModulesPage {
  private static final List<String> COLUMNS = List.of("Scenario", "Verdict", "Lost", "RPO", "RTO");

  private ModulesPage() {}

  /**
   * @param build its name
   * @param modules in the order of the build; at least one
   */
  static String of(String build, List<ReportedModule> modules) {
    List<Verdict> verdicts = modules.stream()
        .flatMap(module -> module.rows().stream())
        .map(ReportedModule.Row::verdict)
        .toList();
    Markup html = PageFrame.open("Disaster drills of " + build + ": " + summary(verdicts));
    boolean breached = verdicts.stream().anyMatch(Verdict::isBreach);
    boolean passed = verdicts.contains(Verdict.PASSED);
    html.open("header", "class", breached ? "failed" : passed ? "passed" : "skipped")
        .element("p", "Disaster drills of " + build, "class", "kicker")
        .element("h1", summary(verdicts))
        .element(
            "p",
            modules.size() == 1 ? "in one drill" : "in " + modules.size() + " drills",
            "class",
            "facts")
        .close();
    modules.forEach(module -> module(html, module));
    html.line()
        .open("footer")
        .element(
            "p",
            "Lost: commits that the server had acknowledged and that were not there afterwards. RPO: the age"
                + " of the oldest of them at the fault. RTO: from the fault to the first durable write.")
        .close();
    return html.close().close().close().line().toString();
  }

  private static void module(Markup html, ReportedModule module) {
    List<Verdict> verdicts =
        module.rows().stream().map(ReportedModule.Row::verdict).toList();
    html.line()
        .open("section", "class", "module")
        .open("h2")
        .element("a", module.name(), "href", module.page())
        .close()
        .element("p", summary(verdicts) + " · " + module.facts(), "class", "facts")
        .open("table", "class", "list")
        .open("thead")
        .open("tr");
    COLUMNS.forEach(column -> html.element("th", column, "scope", "col"));
    html.close().close().open("tbody");
    for (ReportedModule.Row row : module.rows()) {
      html.line().open("tr", "class", row.verdict().text());
      cell(html, 0).text(row.title());
      if (row.verdict() != Verdict.PASSED) {
        row.reason().ifPresent(reason -> html.element("span", reason, "class", "why"));
      }
      html.close().close();
      cell(html, 1)
          .element("span", row.verdict().text(), "class", "verdict")
          .close()
          .close();
      cell(html, 2)
          .text(row.lost().isPresent() ? Long.toString(row.lost().getAsLong()) : "–")
          .close()
          .close();
      cell(html, 3).text(seconds(row.rpoSeconds())).close().close();
      cell(html, 4).text(seconds(row.rtoSeconds())).close().close();
      html.close();
    }
    html.close().close().close();
  }

  /** Its content is one element, so that it stays together beside its column's name on a phone. */
  private static Markup cell(Markup html, int column) {
    return html.open("td", "data-column", COLUMNS.get(column)).open("span");
  }

  private static String seconds(OptionalDouble seconds) {
    return seconds.isPresent() ? String.format(Locale.ROOT, "%.2f s", seconds.getAsDouble()) : "–";
  }

  /** The worst first. */
  private static String summary(List<Verdict> verdicts) {
    return verdicts.isEmpty()
        ? "nothing was run"
        : Stream.of(Verdict.values())
            .sorted(Comparator.reverseOrder())
            .filter(verdicts::contains)
            .map(
                verdict -> verdicts.stream().filter(verdict::equals).count() + " " + verdict.text())
            .collect(Collectors.joining(", "));
  }
}
