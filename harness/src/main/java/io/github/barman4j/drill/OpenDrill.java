package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A drill whose scenario is what its owner does with the stage. {@link #finish} judges and reports; without it {@link #close()} removes
 * everything and reports nothing. For one thread.
 */
public final class OpenDrill implements AutoCloseable {
  private final DrillRun run;
  private final Sites sites;
  private final OwnStage own;
  private boolean closed;

  private OpenDrill(DrillRun run, Sites sites, OwnStage own) {
    this.run = run;
    this.sites = sites;
    this.own = own;
  }

  static OpenDrill begin(
      DrillRequest request, ScenarioInfo info, Set<Breakable> breakable, EventSink sink) {
    DrillRun run = DrillRun.begin(request, sink);
    Sites sites = new Sites(request.servers());
    return new OpenDrill(
        run, sites, OwnStage.open(request.noting(sites), sink, info, Limits.NONE, breakable));
  }

  /** Reports a drill that cannot be run here; empty for one that can. */
  static Optional<DrillReport> skipped(
      DrillRequest request, ScenarioInfo info, Set<Breakable> breakable, EventSink sink) {
    return OwnStage.whyNot(request, breakable)
        .map(reason -> DrillRun.begin(request, sink).end(List.of(Failures.skipped(info, reason))));
  }

  public DrillStage stage() {
    return own.stage();
  }

  /**
   * Ends the drill: everything is stopped and removed, and the reports are written.
   *
   * @param failure what ended the scenario early, which makes it fail; null when it came to its end
   */
  public DrillReport finish(@Nullable Throwable failure) {
    List<ScenarioResult> results =
        failure == null ? own.stage().results() : own.stage().results(failure);
    close();
    Check nothingLeft = sites.nothingLeft();
    return run.end(
        results.stream().map(result -> Sites.judged(result, nothingLeft)).toList());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      own.close();
    }
  }
}
