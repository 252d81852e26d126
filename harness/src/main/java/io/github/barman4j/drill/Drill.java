package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ScenarioResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    return Scenarios.allInfos(List.of());
  }

  /**
   * The same, and behind it the YAML files that are chosen.
   *
   * @param words as in {@link #select}; those that are no files choose nothing here
   * @throws BarmanException as {@link #scenarios()}, and for a file that is no scenario
   */
  public static List<ScenarioInfo> scenarios(List<String> words) {
    return Scenarios.allInfos(words);
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
   * Whether a request may name this Toxiproxy; told before one is built, too.
   *
   * @param server null for none
   * @param image null for none
   * @param containers whether the servers are containers
   * @throws BarmanException with code DRILL_CONFIGURATION when it may not
   */
  public static void requireToxiproxy(
      @Nullable Path server, @Nullable String image, boolean containers) {
    NetworkTools.requireUsable(server, image, containers);
  }

  /**
   * Runs the scenarios one after the other, writes the reports and tells the table as {@link io.github.barman4j.Event.Info} lines.
   *
   * <p>Whatever happens, also when the thread is interrupted, no process, folder or slot is left.
   *
   * @return also when scenarios failed: whether that fails a build is the caller's decision
   * @throws BarmanException DRILL_CONFIGURATION for what cannot be drilled; DRILL_HISTORY for a history that is damaged; DRILL_CLUSTER
   *     when no account here may run PostgreSQL; DRILL_DOCKER when an image that was named cannot be had; IO when a report cannot be written; INTERRUPTED. What fails later is a scenario's
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
    DrillRun run = DrillRun.begin(request, sink);
    List<ScenarioResult> results = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      results.addAll(run(scenario, request, sink));
    }
    return run.end(results);
  }

  /**
   * Begins a drill whose scenario is what the caller does with its stage.
   *
   * @param info of the scenario, for the reports
   * @return to be closed; no report is written before it is finished
   * @throws BarmanException as {@link #run(DrillRequest, EventSink)}
   */
  public static OpenDrill open(DrillRequest request, ScenarioInfo info, EventSink sink) {
    return open(request, info, Set.of(), sink);
  }

  /**
   * The same on a stage of which parts can be broken that usually cannot.
   *
   * @throws BarmanException as {@link #run(DrillRequest, EventSink)}; DRILL_NETWORK when a Toxiproxy is here and does not work
   * @throws java.util.NoSuchElementException when {@link #skipped} has a reason why it cannot be drilled here
   */
  public static OpenDrill open(
      DrillRequest request, ScenarioInfo info, Set<Breakable> breakable, EventSink sink) {
    return OpenDrill.begin(request, info, breakable, sink);
  }

  /**
   * Whether such a drill can be run here, found out before anything is started.
   *
   * @return the report, already written, of a drill that was skipped, with the reason; empty when it can be {@linkplain #open opened}
   * @throws BarmanException as {@link #run(DrillRequest, EventSink)}
   */
  public static Optional<DrillReport> skipped(
      DrillRequest request, ScenarioInfo info, Set<Breakable> breakable, EventSink sink) {
    return OpenDrill.skipped(request, info, breakable, sink);
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
      return Promises.kept(scenario.info(), scenario.run(request, sink));
    } catch (BarmanException e) {
      if (Failures.endsTheDrill(e)) {
        throw e;
      }
      sink.warn(scenario.info().id() + " failed: " + e.problem(), e.hint());
      return List.of(Failures.result(scenario.info(), e));
    }
  }
}
