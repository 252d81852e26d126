package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.report.Limits;
import java.util.Optional;
import java.util.Set;

/** A stage for a scenario of one's own, made for what it will break. {@link #close()} heals what is still broken and removes it all. */
final class OwnStage implements AutoCloseable {
  private final Stage stage;
  private final DrillStage handedOut;

  private OwnStage(Stage stage, DrillStage handedOut) {
    this.stage = stage;
    this.handedOut = handedOut;
  }

  /** Why such a stage cannot be made here, which is found out before anything is started; empty when it can. */
  static Optional<String> whyNot(DrillRequest request, Set<Breakable> breakable) {
    Optional<String> network = breakable.stream().anyMatch(Breakable::isNetwork)
        ? DrillNetwork.whyWhole(request)
        : Optional.empty();
    return network.isEmpty() && breakable.contains(Breakable.CLOCK)
        ? request.servers().whyClocksStay()
        : network;
  }

  /** @param expected the limits of the scenario itself */
  static OwnStage open(
      DrillRequest request,
      EventSink sink,
      ScenarioInfo info,
      Limits expected,
      Set<Breakable> breakable) {
    Optional<DrillNetwork> network = breakable.stream().anyMatch(Breakable::isNetwork)
        ? Optional.of(DrillNetwork.of(request, sink))
        : Optional.empty();
    Stage stage = Stage.openFor(request, sink, breakable);
    boolean opened = false;
    try {
      StageNetwork links = network
          .map(found -> new StageNetwork(found, stage, breakable.contains(Breakable.CONNECTIONS)))
          .orElse(null);
      DrillStage handedOut =
          new DrillStage(stage, new Faults(stage, breakable, links), info, expected);
      opened = true;
      return new OwnStage(stage, handedOut);
    } finally {
      if (!opened) {
        stage.close();
      }
    }
  }

  DrillStage stage() {
    return handedOut;
  }

  @Override
  public void close() {
    try (stage) {
      handedOut.faults().close();
    }
  }
}
