package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ConsoleTable;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.History;
import io.github.barman4j.report.ReportFiles;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How every drill ends: compared with earlier runs, written down and told. What can fail of it is tried before the drill begins. */
final class Conclusion {
  private final Path outputDirectory;
  private final @Nullable Path stepSummary;
  private final @Nullable History history;
  private final EventSink sink;

  private Conclusion(
      Path outputDirectory, @Nullable Path stepSummary, @Nullable History history, EventSink sink) {
    this.outputDirectory = outputDirectory;
    this.stepSummary = stepSummary;
    this.history = history;
    this.sink = sink;
  }

  /**
   * @param stepSummary drill.md is appended to it; null for none
   * @param historyFile with the figures of earlier runs; null for none
   * @throws io.github.barman4j.BarmanException DRILL_HISTORY for a history that is damaged, IO for a folder that cannot be written to
   */
  static Conclusion prepare(
      Path outputDirectory,
      @Nullable Path stepSummary,
      @Nullable Path historyFile,
      EventSink sink) {
    History history = historyFile == null ? null : History.read(historyFile, sink);
    ReportFiles.prepare(outputDirectory);
    return new Conclusion(outputDirectory, stepSummary, history, sink);
  }

  /** @return the report with what the history adds to it */
  DrillReport of(DrillReport found) {
    DrillReport report = history == null ? found : judged(found, history);
    ReportFiles.write(report, outputDirectory, stepSummary);
    if (history != null) {
      history.append(report);
    }
    ConsoleTable.of(report).forEach(sink::info);
    long unjudged = report.scenarios().stream().filter(Regression::isUnjudged).count();
    if (unjudged > 0) {
      sink.info("not compared with earlier recoveries: " + unjudged + " of "
          + report.scenarios().size() + ", of which fewer than 3 are in the history that passed");
    }
    return report;
  }

  private static DrillReport judged(DrillReport found, History history) {
    return found.with(found.scenarios().stream()
        .map(result -> Regression.judged(
            result.withEarlier(history.comparable(found.environment(), found.load(), result))))
        .toList());
  }
}
