package io.github.barman4j.drill;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A recovery to a moment, into a directory of its own, and what it promises.
 *
 * @param tables as they were at that moment, without those that the load writes to
 * @param sinceNanos of the damage: what is lost is told by its age at that time
 */
record Rewind(
    String variant, RecoveryTarget target, Horizon horizon, TableHashes tables, long sinceNanos) {

  /** What a scenario looks at beside what all do, while the restored server still runs. */
  interface Witness {
    Observation look(Recovery recovery, Validation validation);
  }

  ScenarioResult run(Stage stage, ScenarioInfo info, Witness witness) {
    return run(stage, info, place(stage), UnaryOperator.identity(), witness);
  }

  /** @param place where it is restored to */
  ScenarioResult run(
      Stage stage, ScenarioInfo info, Limits limits, Recovery.Place place, Witness witness) {
    try (Recovery recovery = new Recovery(stage, place, UnaryOperator.identity())) {
      recovery.toTarget(target);
      return judged(stage, info, limits, recovery, witness);
    }
  }

  /** Into a folder of its own that is not there yet. */
  Recovery.Place place(Stage stage) {
    return Recovery.Place.of(stage.path("restored-" + variant));
  }

  /** @param wishes what the restore is asked for beside its target and place */
  ScenarioResult run(
      Stage stage,
      ScenarioInfo info,
      Recovery.Place place,
      UnaryOperator<RestoreRequest.Builder> wishes,
      Witness witness) {
    try (Recovery recovery = new Recovery(stage, place, wishes)) {
      recovery.toTarget(target);
      return judged(stage, info, stage.request().limits().of(info), recovery, witness);
    }
  }

  /** To everything there is, measured from the loss of the server on. */
  ScenarioResult afterLoss(
      Stage stage, ScenarioInfo info, Limits limits, Sabotage preparation, Witness witness) {
    return afterLoss(stage, info, limits, place(stage), preparation, witness);
  }

  /** @param place where it is restored to */
  ScenarioResult afterLoss(
      Stage stage,
      ScenarioInfo info,
      Limits limits,
      Recovery.Place place,
      Sabotage preparation,
      Witness witness) {
    try (Recovery recovery = new Recovery(stage, place, UnaryOperator.identity())) {
      recovery.afterLoss(sinceNanos, preparation);
      stage.primary().stopLoad();
      return judged(stage, info, limits, recovery, witness);
    }
  }

  private ScenarioResult judged(
      Stage stage, ScenarioInfo info, Limits limits, Recovery recovery, Witness witness) {
    stage.tell("recovered to " + target.describe());
    long begin = System.nanoTime();
    Validation validation;
    try {
      validation = Validation.of(stage, recovery, horizon, tables);
    } catch (SQLException e) {
      throw Failures.unreadable(e);
    }
    recovery.apart("validate", Duration.ofNanos(System.nanoTime() - begin));
    Observation more = witness.look(recovery, validation);
    List<Check> checks = new ArrayList<>(validation.checks());
    checks.addAll(more.checks());
    RecoveryOutcome outcome = new RecoveryOutcome(
        validation.rpo(sinceNanos),
        recovery.rto(),
        recovery.restored(validation.timeline()),
        checks,
        more.figures(),
        more.unmet());
    return outcome
        .judged(info, Optional.of(variant), limits)
        .withTraffic(stage.traffic(sinceNanos));
  }
}
