package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Makes results. */
final class Findings {
  private Findings() {}

  /** Of a recovery that came to its end. */
  static ScenarioResult of(
      ScenarioInfo info,
      Optional<String> variant,
      Limits limits,
      Recovery recovery,
      Validation validation,
      Rpo rpo,
      List<Check> checks,
      List<String> unmet) {
    Rto rto = recovery.rto();
    Judge judge = Judge.of(limits, rpo, rto.total(), checks, unmet);
    return new ScenarioResult(
        info.id(),
        info.name(),
        variant,
        judge.verdict(),
        judge.reasons(),
        limits,
        Optional.of(rpo),
        Optional.of(rto),
        Optional.of(recovery.restored(validation.timeline())),
        checks);
  }

  /** Of a scenario in which the engine or the restored server failed. */
  static ScenarioResult failed(ScenarioInfo info, BarmanException failure) {
    return ScenarioResult.without(
        info.id(),
        info.name(),
        Verdict.FAILED,
        List.of(failure.code().code() + ": " + failure.problem()));
  }

  static BarmanException unreadable(SQLException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the restored server could not be looked at: " + cause.getMessage(),
        "see the cause",
        cause);
  }
}
