package io.github.barman4j.drill;

import io.github.barman4j.report.Limits;
import java.util.Set;

/**
 * A scenario of one's own.
 *
 * <p>An implementation with a public constructor without parameters, named in {@code
 * META-INF/services/io.github.barman4j.drill.OwnScenario}, is found by {@link java.util.ServiceLoader} and chosen like one of the
 * catalogue: by id, by name, by its tier. It has no state of its own; one thread runs it at a time.
 *
 * <p>It cannot pass by itself. What it recovers is compared and judged as in every drill, and a run in which nothing was recovered, or
 * in which a recovery had nothing to compare, is inconclusive, unless something had to be {@linkplain DrillStage#refused refused} and was.
 */
public interface OwnScenario {
  /** The id and the name must not be another scenario's; {@code S} and a number is the catalogue's. The same at each call. */
  ScenarioInfo info();

  /** What it may cost, where the user sets no limit for this scenario. */
  default Limits limits() {
    return Limits.NONE;
  }

  /**
   * What it breaks of what an ordinary stage has not or cannot break. Where that is not possible on a machine the scenario is skipped, with
   * the reason, before anything is started. The same at each call.
   */
  default Set<Breakable> breakable() {
    return Set.of();
  }

  /**
   * Loads, backs up, breaks and recovers. The server is filled and runs, nothing writes to it yet; what is left running afterwards is
   * stopped, and damage that was not healed is healed.
   *
   * @throws Exception and the scenario has failed; an AssertionError fails it as well
   */
  void run(DrillStage stage) throws Exception;
}
