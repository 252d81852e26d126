package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.ConsoleTable;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.History;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ReportFiles;
import io.github.barman4j.report.ScenarioResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A drill from its beginning, which finds out whether it can be drilled and reported here, to its reports. */
record DrillRun(
    DrillRequest request,
    EventSink sink,
    @Nullable History history,
    Instant startedAt,
    long beginNanos) {

  static DrillRun begin(DrillRequest request, EventSink sink) {
    Path historyFile = request.history();
    History history = historyFile == null ? null : History.read(historyFile, sink);
    ReportFiles.prepare(request.outputDirectory());
    // Finds out whether there can be servers here, or says why not.
    request.servers().open().close();
    return new DrillRun(request, sink, history, Instant.now(), System.nanoTime());
  }

  /** Compares with earlier runs, writes the reports and the history, and tells the table. */
  DrillReport end(List<ScenarioResult> results) {
    DrillReport.Environment environment = environment();
    Load load = new Load(request.writers(), request.databaseBytes());
    History earlier = history;
    DrillReport report = new DrillReport(
        environment,
        load,
        startedAt,
        Duration.ofNanos(System.nanoTime() - beginNanos),
        request.seed(),
        request.command(),
        earlier == null
            ? results
            : results.stream()
                .map(result -> Regression.judged(
                    result.withEarlier(earlier.comparable(environment, load, result))))
                .toList());
    ReportFiles.write(report, request.outputDirectory(), request.stepSummary());
    if (earlier != null) {
      earlier.append(report);
    }
    ConsoleTable.of(report).forEach(sink::info);
    long unjudged = report.scenarios().stream().filter(Regression::isUnjudged).count();
    if (unjudged > 0) {
      sink.info("not compared with earlier recoveries: " + unjudged + " of "
          + report.scenarios().size() + ", of which fewer than 3 are in the history that passed");
    }
    return report;
  }

  private DrillReport.Environment environment() {
    return new DrillReport.Environment(
        request.servers().kind(),
        request.servers().version(),
        System.getProperty("java.version", "unknown"),
        System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""),
        Runtime.getRuntime().availableProcessors());
  }
}
