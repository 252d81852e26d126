package io.github.barman4j.report;

import java.time.temporal.ChronoUnit;

/** {@code drill.md}: what a reviewer reads below a pull request. */
final class MarkdownReport {
  private MarkdownReport() {}

  static String of(DrillReport report) {
    StringBuilder text = new StringBuilder();
    DrillReport.Environment environment = report.environment();
    text.append("## Disaster drill: ").append(report.summary()).append("\n\n");
    text.append("PostgreSQL ")
        .append(environment.postgres())
        .append(" (")
        .append(environment.kind())
        .append("), Java ")
        .append(environment.java())
        .append(", ")
        .append(environment.system())
        .append(", ")
        .append(environment.processors())
        .append(" processors, ")
        .append(report.startedAt().truncatedTo(ChronoUnit.SECONDS))
        .append(", seed ")
        .append(report.seed())
        .append("\n\n");
    text.append("| Scenario | Verdict | Acknowledged | Lost | RPO | RTO | Slowest phase |\n");
    text.append("| --- | --- | ---: | ---: | ---: | ---: | --- |\n");
    report.scenarios().forEach(result -> text.append(row(result)));
    for (ScenarioResult result : report.scenarios()) {
      text.append(result.verdict().isBreach() ? "\n<details open>" : "\n<details>")
          .append("<summary>")
          .append(escaped(result.title()))
          .append("</summary>\n\n");
      ConsoleTable.details(result)
          .forEach(line -> text.append("- ").append(escaped(line)).append('\n'));
      text.append("- run it again: ")
          .append(code(report.again().of(result)))
          .append("\n\n</details>\n");
    }
    return text.toString();
  }

  /** A span of code, which may hold a backtick. */
  private static String code(String text) {
    return text.contains("`") ? "`` " + text + " ``" : "`" + text + "`";
  }

  private static String row(ScenarioResult result) {
    String verdict = result.verdict().text();
    return "| " + escaped(result.title()) + " | "
        + (result.verdict() == Verdict.PASSED ? verdict : "**" + verdict + "**") + " | "
        + result.rpo().map(rpo -> Long.toString(rpo.acknowledged())).orElse("–") + " | "
        + result.rpo().map(rpo -> Long.toString(rpo.lostTransactions())).orElse("–") + " | "
        + result.rpo().map(rpo -> Figures.seconds(rpo.time()) + " s").orElse("–") + " | "
        + result.rto().map(rto -> Figures.seconds(rto.total()) + " s").orElse("–") + " | "
        + result.rto().map(MarkdownReport::slowest).orElse("–") + " |\n";
  }

  private static String slowest(Rto rto) {
    Phase slowest = rto.phases().stream()
        .max((one, other) -> one.took().compareTo(other.took()))
        .orElseThrow();
    return slowest.name() + " " + Figures.seconds(slowest.took()) + " s";
  }

  /** A server's message must neither end a table's row nor become markup. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("|", "\\|")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("`", "\\`")
        .replace("[", "\\[");
  }
}
