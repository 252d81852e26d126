package io.github.barman4j.report;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.restore.Recoverability;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Collectors;

/** A repository on a page: what can be recovered, and of which backups. */
final class RepositorySection {
  private static final List<String> COLUMNS =
      List.of("Backup", "Finished", "Took", "Database", "Stored", "PostgreSQL", "Timeline", "End");

  private RepositorySection() {}

  static void write(Markup html, RepositoryReport report) {
    html.line()
        .open("section", "class", "repository", "aria-label", "backups")
        .element("h2", "Backups of server " + report.server())
        .element(
            "p",
            report.repository() + " · read, and nothing else, at " + time(report.readAt()),
            "class",
            "facts");
    if (!report.unread().isEmpty()) {
      html.open("ul", "class", "reasons failed");
      report.unread().forEach(problem -> html.element("li", problem));
      html.close();
    }
    report.recoverable().ifPresent(found -> recoverable(html, found));
    report.catalog().ifPresent(catalog -> {
      html.element("h3", "The backups, " + catalog.backups().size());
      if (!catalog.backups().isEmpty()) {
        table(html, catalog.backups());
      }
      damaged(html, catalog.damaged());
    });
    html.close();
  }

  private static void recoverable(Markup html, Recoverability found) {
    html.element("h3", "What can be recovered");
    if (found.lines().isEmpty()) {
      html.open("ul", "class", "reasons failed")
          .element("li", "There is no backup that anything can be recovered from.")
          .close();
    }
    for (Recoverability.Line line : found.lines()) {
      html.open("div", "class", "timeline")
          .element("h4", "Timeline " + line.timeline().id());
      for (Recoverability.Fork fork : line.history()) {
        html.element(
            "p", "it leaves timeline " + fork.timeline() + " at " + fork.end(), "class", "note");
      }
      line.windows().forEach(window -> window(html, window));
      for (Recoverability.Unusable backup : line.unusable()) {
        bad(html, "backup " + backup.backup() + " serves nothing: " + backup.reason());
      }
      html.close();
    }
  }

  private static void window(Markup html, Recoverability.Window window) {
    html.open("dl", "class", "window");
    fact(html, "from", time(window.fromTime()), window.from().toString());
    fact(
        html,
        "to",
        window
            .lastCommit()
            .map(last -> "the last commit, " + time(last))
            .orElse("the end of the backup, no commit came after it"),
        window.end() + (window.partialTail() ? ", still being received" : ""));
    fact(
        html,
        "with",
        window.backups().stream().map(BackupId::value).collect(Collectors.joining(", ")),
        window.backups().size() == 1 ? "one backup" : window.backups().size() + " backups");
    html.close();
    if (!window.restorePoints().isEmpty()) {
      html.element(
          "p",
          window.restorePoints().stream()
              .map(point -> point.name() + " (" + time(point.time()) + ", " + point.lsn() + ")")
              .collect(Collectors.joining("; ", "Restore points: ", ".")),
          "class",
          "note");
    }
    for (Recoverability.ClockStep step : window.clockSteps()) {
      html.element(
          "p",
          "The server's clock went back at " + step.at() + ", from " + time(step.before()) + " to "
              + time(step.after()) + ".",
          "class",
          "note");
    }
    window
        .gap()
        .ifPresent(segment ->
            bad(html, "a gap: segment " + segment + " is missing, though later ones are there"));
  }

  private static void fact(Markup html, String name, String value, String more) {
    html.open("div")
        .element("dt", name)
        .element("dd", value)
        .element("dd", more, "class", "limit")
        .close();
  }

  private static void bad(Markup html, String text) {
    html.open("ul", "class", "reasons failed").element("li", text).close();
  }

  private static void table(Markup html, List<Backup> backups) {
    html.open("table", "class", "list").open("thead").open("tr");
    COLUMNS.forEach(column -> html.element("th", column, "scope", "col"));
    html.close().close().open("tbody");
    for (Backup backup : backups) {
      List<String> values = List.of(
          backup.id().value() + backup.name().map(name -> " " + name).orElse(""),
          time(backup.finishedAt()),
          Figures.seconds(backup.took()) + " s",
          Figures.bytes(backup.sizes().databaseBytes()),
          Figures.bytes(backup.sizes().storedBytes()),
          backup.postgres().toString(),
          Integer.toString(backup.endTimeline().id()),
          backup.endLsn().toString());
      html.line().open("tr");
      for (int i = 0; i < values.size(); i++) {
        html.open("td", "data-column", COLUMNS.get(i))
            .element("span", values.get(i))
            .close();
      }
      html.close();
    }
    html.close().close();
  }

  private static void damaged(Markup html, List<DamagedEntry> damaged) {
    for (DamagedEntry entry : damaged) {
      bad(
          html,
          "backup " + entry.id() + " cannot be read, " + entry.code().code() + ": "
              + entry.problem() + ". " + entry.hint());
    }
  }

  private static String time(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString().replace("T", " ").replace("Z", " UTC");
  }
}
