package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A drill whose scenario is what its owner does with the stage. {@link #finish} judges and reports; without it {@link #close()} removes
 * everything and reports nothing. For one thread.
 */
public final class OpenDrill implements AutoCloseable {
  private final DrillRun run;
  private final Sites sites;
  private final Stage stage;
  private final DrillStage handedOut;
  private boolean closed;

  private OpenDrill(DrillRun run, Sites sites, Stage stage, DrillStage handedOut) {
    this.run = run;
    this.sites = sites;
    this.stage = stage;
    this.handedOut = handedOut;
  }

  static OpenDrill begin(DrillRequest request, ScenarioInfo info, EventSink sink) {
    DrillRun run = DrillRun.begin(request, sink);
    Sites sites = new Sites(request.servers());
    Stage stage = Stage.open(request.noting(sites), sink);
    return new OpenDrill(run, sites, stage, new DrillStage(stage, info, Limits.NONE));
  }

  public DrillStage stage() {
    return handedOut;
  }

  /**
   * Ends the drill: everything is stopped and removed, and the reports are written.
   *
   * @param failure what ended the scenario early, which makes it fail; null when it came to its end
   */
  public DrillReport finish(@Nullable Throwable failure) {
    List<ScenarioResult> results =
        failure == null ? handedOut.results() : handedOut.results(failure);
    close();
    Check nothingLeft = sites.nothingLeft();
    return run.end(
        results.stream().map(result -> Sites.judged(result, nothingLeft)).toList());
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (stage) {
        handedOut.heal();
      }
    }
  }
}
