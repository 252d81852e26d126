package io.github.barman4j.drill;

import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Link;
import io.github.barman4j.fault.Network;
import io.github.barman4j.fault.ToxiproxyServer;
import io.github.barman4j.report.ScenarioResult;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The network of a drill: finds the program that breaks it, and leads the engine through it. */
final class DrillNetwork {
  static final String MISSING = "there is no " + ToxiproxyServer.PROGRAM
      + " on the PATH; install Toxiproxy 2.12.0, or name the program as barman.drill.toxiproxyServer";

  private DrillNetwork() {}

  /** A scenario, or a part of one, on a network that can be broken. */
  interface Part {
    List<ScenarioResult> run(Network network);
  }

  /** Refuses a program that was named and cannot be one, before anything is broken. */
  static void requireUsable(DrillRequest request) {
    Path named = request.toxiproxyServer();
    if (named != null) {
      ToxiproxyServer.requireProgram(named);
    }
  }

  /** Runs it, or skips the scenario with the reason why. */
  static List<ScenarioResult> with(DrillRequest request, ScenarioInfo info, Part part) {
    return with(program(request, System.getenv("PATH")), info, part);
  }

  static List<ScenarioResult> with(Optional<Path> program, ScenarioInfo info, Part part) {
    if (program.isEmpty()) {
      return List.of(Failures.skipped(info, MISSING));
    }
    try (Network network = ToxiproxyServer.start(program.get())) {
      return part.run(network);
    }
  }

  /** Why it cannot be broken here; empty when it can. */
  static Optional<String> whyWhole(DrillRequest request) {
    return program(request, System.getenv("PATH")).isPresent()
        ? Optional.empty()
        : Optional.of(MISSING);
  }

  /** A network that can be broken, which the caller closes; for where {@link #whyWhole} says nothing. */
  static Network open(DrillRequest request) {
    return ToxiproxyServer.start(program(request, System.getenv("PATH")).orElseThrow());
  }

  static Optional<Path> program(DrillRequest request, String path) {
    Path named = request.toxiproxyServer();
    return named == null ? ToxiproxyServer.onPath(path) : Optional.of(named);
  }

  /** Where the network finds a server: by its port on this machine, which a container has too. */
  static String upstream(Primary primary) {
    return "127.0.0.1:" + primary.cluster().port();
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
