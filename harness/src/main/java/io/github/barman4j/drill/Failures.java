package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** What is said when a recovery did not come to its end. */
final class Failures {
  private Failures() {}

  /** Of a scenario in which the engine or the restored server failed. */
  static ScenarioResult result(ScenarioInfo info, BarmanException failure) {
    return ScenarioResult.without(info.id(), info.name(), Verdict.FAILED, List.of(reason(failure)));
  }

  /** Of whatever a scenario of one's own threw. */
  static String reason(Throwable failure) {
    return failure instanceof BarmanException known
        ? known.code().code() + ": " + known.problem()
        : "the scenario threw " + failure;
  }

  /** Whether a failure is no outcome of a scenario, but the user's: nothing is run any more. */
  static boolean endsTheDrill(BarmanException failure) {
    return failure.code() == ErrorCode.INTERRUPTED
        || failure.code() == ErrorCode.DRILL_CONFIGURATION;
  }

  /** Of a scenario that cannot be run here. */
  static ScenarioResult skipped(ScenarioInfo info, String reason) {
    return ScenarioResult.without(info.id(), info.name(), Verdict.SKIPPED, List.of(reason));
  }

  static BarmanException unreadable(Path folder, IOException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED, folder + " could not be looked at", "see the cause", cause);
  }

  static BarmanException unreadable(SQLException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the restored server could not be looked at: " + cause.getMessage(),
        "see the cause",
        cause);
  }
}
