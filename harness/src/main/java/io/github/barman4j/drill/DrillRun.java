package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ScenarioResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A drill from its beginning, which finds out whether it can be drilled and reported here, to its reports. */
record DrillRun(DrillRequest request, Conclusion conclusion, Instant startedAt, long beginNanos) {

  static DrillRun begin(DrillRequest request, EventSink sink) {
    Conclusion conclusion = Conclusion.prepare(
        request.outputDirectory(), request.stepSummary(), request.history(), sink);
    request.network().requireNamedImage();
    // Finds out whether there can be servers here, or says why not.
    request.servers().open().close();
    return new DrillRun(request, conclusion, Instant.now(), System.nanoTime());
  }

  /** Compares with earlier runs, writes the reports and the history, and tells the table. */
  DrillReport end(List<ScenarioResult> results) {
    return conclusion.of(new DrillReport(
        environment(),
        new Load(request.writers(), request.databaseBytes()),
        startedAt,
        Duration.ofNanos(System.nanoTime() - beginNanos),
        request.seed(),
        request.again().withFiles(Scenarios.files(request.scenarios())),
        results));
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
