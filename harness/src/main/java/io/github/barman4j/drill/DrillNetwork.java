package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Link;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;

/** The network of a drill, where something can break it, and the ways of the engine through it. */
record DrillNetwork(NetworkMeans means) {

  /** A scenario, or a part of one, on a network that can be broken. */
  interface Part {
    List<ScenarioResult> run(DrillNetwork network);
  }

  /** Runs it, or skips the scenario with the reason why. */
  static List<ScenarioResult> with(
      DrillRequest request, ScenarioInfo info, EventSink sink, Part part) {
    NetworkMeans means = request.network().find(sink);
    return means instanceof NetworkMeans.Nothing nothing
        ? List.of(Failures.skipped(info, nothing.why()))
        : part.run(new DrillNetwork(means));
  }

  /** Why it cannot be broken here; empty when it can. */
  static Optional<String> whyWhole(DrillRequest request) {
    return request.network().find() instanceof NetworkMeans.Nothing nothing
        ? Optional.of(nothing.why())
        : Optional.empty();
  }

  /** For where {@link #whyWhole} says nothing. */
  static DrillNetwork of(DrillRequest request, EventSink sink) {
    return new DrillNetwork(request.network().find(sink));
  }

  /** To the server of a stage, which closes it. */
  Link link(Stage stage) {
    return stage.network(means).link(means.upstream(stage.primary().cluster()));
  }

  /** The same, and the link can be reset. */
  Link resettableLink(Stage stage) {
    return stage.network(means).resettableLink(means.upstream(stage.primary().cluster()));
  }

  /**
   * To the drill's database.
   *
   * @param options of the URL, for instance {@code socketTimeout=4}
   */
  static ServerConnection through(Link link, Primary primary, String options) {
    return at(link.host(), link.port(), primary, options);
  }

  static ServerConnection at(String host, int port, Primary primary, String options) {
    return new ServerConnection(
        "jdbc:postgresql://" + host + ":" + port + "/" + Primary.DATABASE + "?" + options,
        primary.cluster().user(),
        primary.cluster().password());
  }

  static ServerConnection direct(Primary primary) {
    return new ServerConnection(
        primary.cluster().jdbcUrl(Primary.DATABASE),
        primary.cluster().user(),
        primary.cluster().password());
  }
}
