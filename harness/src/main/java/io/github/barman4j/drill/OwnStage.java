package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.fault.Network;
import io.github.barman4j.report.Limits;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A stage for a scenario of one's own, made for what it will break. {@link #close()} heals what is still broken and removes it all. */
final class OwnStage implements AutoCloseable {
  private final @Nullable Network network;
  private final Stage stage;
  private final DrillStage handedOut;

  private OwnStage(@Nullable Network network, Stage stage, DrillStage handedOut) {
    this.network = network;
    this.stage = stage;
    this.handedOut = handedOut;
  }

  /** Why such a stage cannot be made here, which is found out before anything is started; empty when it can. */
  static Optional<String> whyNot(DrillRequest request, Set<Breakable> breakable) {
    return breakable.stream().anyMatch(Breakable::isNetwork)
        ? DrillNetwork.whyWhole(request)
        : Optional.empty();
  }

  /** @param expected the limits of the scenario itself */
  static OwnStage open(
      DrillRequest request,
      EventSink sink,
      ScenarioInfo info,
      Limits expected,
      Set<Breakable> breakable) {
    Network network =
        breakable.stream().anyMatch(Breakable::isNetwork) ? DrillNetwork.open(request) : null;
    Stage stage = null;
    boolean opened = false;
    try {
      stage = Stage.open(request, sink);
      StageNetwork links = network == null
          ? null
          : new StageNetwork(network, stage.primary(), breakable.contains(Breakable.CONNECTIONS));
      DrillStage handedOut =
          new DrillStage(stage, new Faults(stage, breakable, links), info, expected);
      opened = true;
      return new OwnStage(network, stage, handedOut);
    } finally {
      if (!opened) {
        close(stage, network);
      }
    }
  }

  DrillStage stage() {
    return handedOut;
  }

  @Override
  public void close() {
    try {
      handedOut.faults().heal();
    } finally {
      close(stage, network);
    }
  }

  private static void close(@Nullable Stage stage, @Nullable Network network) {
    try (network) {
      if (stage != null) {
        stage.close();
      }
    }
  }
}
