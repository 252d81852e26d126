package io.github.barman4j.drill;

import io.github.barman4j.cluster.Cluster;

/** What the negative control does to a recovery; nothing by default. */
interface Sabotage {
  Sabotage NONE = new Sabotage() {};

  /** The receiver is stopped, nothing is planned yet. */
  default void beforePlan() {}

  /** The restored server has taken its first write and nothing is checked yet. */
  default void beforeValidation(Cluster restored) {}
}
