package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
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

  /** The scenarios that come with the harness, in the catalogue's order. */
  public static List<ScenarioInfo> catalogue() {
    return Scenarios.infos();
  }

  /**
   * The catalogue, and behind it what the user has added as classes.
   *
   * @throws BarmanException with code DRILL_CONFIGURATION when a scenario of the user is none, or is called like another
   */
  public static List<ScenarioInfo> scenarios() {
    return Scenarios.allInfos();
  }

  /**
   * What {@link #run} will run.
   *
   * @param words ids, names, {@code tier1}, {@code tier2} or {@code all}; paths of YAML files
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
    return run(Scenarios.select(request.scenarios()), request, sink);
  }

  /**
   * The same with a scenario of one's own alone, whatever the request chooses.
   *
   * @throws BarmanException as {@link #run(DrillRequest, EventSink)}
   */
  public static DrillReport run(DrillRequest request, OwnScenario scenario, EventSink sink) {
    OwnScenarios.requireDistinct(Scenarios.infos(), List.of(scenario));
    return run(List.of(new OwnRun(scenario)), request, sink);
  }

  private static DrillReport run(List<Scenario> scenarios, DrillRequest request, EventSink sink) {
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
      if (Failures.endsTheDrill(e)) {
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
