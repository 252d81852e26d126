package io.github.barman4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** The report as lines of a console: one row for each scenario, its phases as columns, then what went wrong. */
public final class ConsoleTable {
  private ConsoleTable() {}

  /** Lines without colours or trailing blanks. Times are in seconds. */
  public static List<String> of(DrillReport report) {
    // The longest row first: what it lacks in the middle would otherwise come last.
    List<String> phases = report.scenarios().stream()
        .flatMap(result -> result.rto().stream())
        .sorted(Comparator.comparing((Rto rto) -> rto.phases().size()).reversed())
        .flatMap(rto -> rto.phases().stream())
        .map(Phase::name)
        .distinct()
        .toList();
    List<List<String>> rows = new ArrayList<>();
    List<String> header =
        new ArrayList<>(List.of("scenario", "verdict", "lost", "RPO s", "RTO s ="));
    header.addAll(phases);
    rows.add(header);
    for (ScenarioResult result : report.scenarios()) {
      rows.add(row(result, phases));
    }
    List<String> lines = new ArrayList<>();
    DrillReport.Environment environment = report.environment();
    lines.add("Disaster drill, PostgreSQL " + environment.postgres() + " (" + environment.kind()
        + "): " + report.summary() + ", " + Figures.seconds(report.took()) + " s in all");
    lines.addAll(align(rows));
    for (ScenarioResult result : report.scenarios()) {
      for (String reason : result.reasons()) {
        lines.add(result.title() + " " + result.verdict().text() + ": " + oneLine(reason));
      }
    }
    return lines;
  }

  /** Everything about one scenario. */
  static List<String> details(ScenarioResult result) {
    List<String> lines = new ArrayList<>();
    lines.add(result.title() + ": " + result.verdict().text());
    result.reasons().forEach(reason -> lines.add("reason: " + oneLine(reason)));
    result
        .rpo()
        .ifPresent(rpo -> lines.add("lost " + rpo.lostTransactions() + " of "
            + rpo.acknowledged() + " acknowledged commits, " + Figures.seconds(rpo.time()) + " s, "
            + rpo.bytes() + " bytes of WAL; unknown " + rpo.unknown() + ", recovered "
            + rpo.unknownRecovered() + "; phantoms " + rpo.phantoms() + ", non-prefix "
            + rpo.nonPrefixLoss() + ", overshoot " + rpo.overshoot()));
    result.rto().ifPresent(rto -> {
      lines.add("recovered in " + Figures.seconds(rto.total()) + " s: " + phases(rto.phases()));
      if (!rto.apart().isEmpty()) {
        lines.add("beside that: " + phases(rto.apart()));
      }
    });
    result
        .restored()
        .ifPresent(restored -> lines.add("from backup " + restored.backupId() + ": "
            + Figures.bytes(restored.bytes()) + " in " + restored.files() + " files at "
            + Figures.bytes(restored.bytesPerSecond()) + "/s, "
            + restored.walSegments() + " WAL segments, now on timeline " + restored.timeline()));
    for (Figure figure : result.figures()) {
      lines.add(figure.name() + ": " + figure.value());
    }
    for (Check check : result.checks()) {
      lines.add("check " + check.name() + ": " + (check.passed() ? "passed" : "FAILED") + ", "
          + oneLine(check.detail()));
    }
    return lines;
  }

  /** A server's message may have several lines and control characters. */
  private static String oneLine(String text) {
    return text.replaceAll("\\s*\\R\\s*", "; ").replaceAll("\\p{Cntrl}", "?");
  }

  private static String phases(List<Phase> phases) {
    return phases.stream()
        .map(phase -> phase.name() + " " + Figures.seconds(phase.took()))
        .collect(Collectors.joining(", "));
  }

  private static List<String> row(ScenarioResult result, List<String> phases) {
    List<String> cells = new ArrayList<>();
    cells.add(result.title());
    cells.add(result.verdict().text());
    cells.add(result.rpo().map(rpo -> Long.toString(rpo.lostTransactions())).orElse("-"));
    cells.add(result.rpo().map(rpo -> Figures.seconds(rpo.time())).orElse("-"));
    cells.add(result.rto().map(rto -> Figures.seconds(rto.total())).orElse("-"));
    for (String name : phases) {
      cells.add(result.rto().stream()
          .flatMap(rto -> rto.phases().stream())
          .filter(phase -> phase.name().equals(name))
          .findFirst()
          .map(phase -> Figures.seconds(phase.took()))
          .orElse("-"));
    }
    return cells;
  }

  /** Two columns of words to the left, figures to the right. */
  private static List<String> align(List<List<String>> rows) {
    List<String> lines = new ArrayList<>();
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        String blanks = " ".repeat(widths[i] - row.get(i).length());
        line.append(i == 0 ? "" : "  ");
        line.append(i < 2 ? row.get(i) + blanks : blanks + row.get(i));
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }
}
