package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ConsoleTable;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.History;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.ReportFiles;
import io.github.barman4j.report.ScenarioResult;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Runs disaster drills. */
public final class Drill {
  private Drill() {}

  /** All scenarios, in the catalogue's order. */
  public static List<ScenarioInfo> catalogue() {
    return Scenarios.infos();
  }

  /**
   * What {@link #run} will run.
   *
   * @param words ids, names, {@code tier1}, {@code tier2} or {@code all}
   * @throws BarmanException with code DRILL_CONFIGURATION for a word that means nothing
   */
  public static List<ScenarioInfo> select(List<String> words) {
    return Scenarios.select(words).stream().map(Scenario::info).toList();
  }

  /**
   * Runs the scenarios one after the other, writes the reports and tells the table as {@link io.github.barman4j.Event.Info} lines.
   *
   * <p>Whatever happens, also when the thread is interrupted, no process, folder or slot is left.
   *
   * @return also when scenarios failed: whether that fails a build is the caller's decision
   * @throws BarmanException DRILL_CONFIGURATION for what cannot be drilled; DRILL_HISTORY for a history that is damaged; DRILL_CLUSTER
   *     when no account here may run PostgreSQL; IO when a report cannot be written; INTERRUPTED. What fails later is a scenario's
   *     failure
   */
  public static DrillReport run(DrillRequest request, EventSink sink) {
    List<Scenario> scenarios = Scenarios.select(request.scenarios());
    Path historyFile = request.history();
    History history = historyFile == null ? null : History.read(historyFile, sink);
    ReportFiles.prepare(request.outputDirectory());
    // Finds out whether there can be servers here, or says why not.
    request.servers().open().close();
    Instant startedAt = Instant.now();
    long begin = System.nanoTime();
    List<ScenarioResult> results = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      results.addAll(run(scenario, request, sink));
    }
    DrillReport.Environment environment = environment(request);
    Load load = new Load(request.writers(), request.databaseBytes());
    DrillReport report = new DrillReport(
        environment,
        load,
        startedAt,
        Duration.ofNanos(System.nanoTime() - begin),
        request.seed(),
        request.command(),
        history == null
            ? results
            : results.stream()
                .map(result -> Regression.judged(
                    result.withEarlier(history.comparable(environment, load, result))))
                .toList());
    ReportFiles.write(report, request.outputDirectory(), request.stepSummary());
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

  private static List<ScenarioResult> run(Scenario scenario, DrillRequest request, EventSink sink) {
    ScenarioInfo info = scenario.info();
    List<List<ScenarioResult>> runs = new ArrayList<>();
    for (int number = 1; number <= request.repeat(); number++) {
      sink.info(info.id() + " " + info.name()
          + (request.repeat() > 1 ? ", run " + number + " of " + request.repeat() : "") + ": "
          + info.summary());
      runs.add(runOnce(scenario, request, sink));
    }
    return Repetition.merge(runs);
  }

  private static List<ScenarioResult> runOnce(
      Scenario scenario, DrillRequest request, EventSink sink) {
    Sites sites = new Sites(request.servers());
    List<ScenarioResult> results = judged(scenario, request.noting(sites), sink);
    Check nothingLeft = sites.nothingLeft();
    return results.stream().map(result -> Sites.judged(result, nothingLeft)).toList();
  }

  private static List<ScenarioResult> judged(
      Scenario scenario, DrillRequest request, EventSink sink) {
    try {
      return scenario.run(request, sink);
    } catch (BarmanException e) {
      if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.DRILL_CONFIGURATION) {
        throw e;
      }
      sink.warn(scenario.info().id() + " failed: " + e.problem(), e.hint());
      return List.of(Failures.result(scenario.info(), e));
    }
  }

  private static DrillReport.Environment environment(DrillRequest request) {
    return new DrillReport.Environment(
        request.servers().kind(),
        request.servers().version(),
        System.getProperty("java.version", "unknown"),
        System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", ""),
        Runtime.getRuntime().availableProcessors());
  }
}
