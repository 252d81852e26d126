package io.github.barman4j.junit;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What drills could have found. */
final class Results {
  private Results() {}

  static DrillReport report(ScenarioResult... results) {
    return new DrillReport(
        new DrillReport.Environment("embedded", "18.6", "17", "Linux", 2),
        new Load(4, 1),
        Instant.EPOCH,
        Duration.ofSeconds(1),
        42,
        "mvn test",
        List.of(results));
  }

  static ScenarioResult measured(Rpo rpo, Duration rto, Check... checks) {
    return new ScenarioResult(
        "S01",
        "kill",
        Optional.empty(),
        Verdict.PASSED,
        List.of(),
        Limits.NONE,
        Optional.of(rpo),
        Optional.of(
            new Rto(rto, List.of(new Phase("all", rto)), List.of(), Optional.empty(), List.of())),
        Optional.of(new Restored("backup", 1, 1, 1, 1, 2)),
        List.of(checks),
        List.of());
  }

  /** @param lost of 100 acknowledged, the oldest 2 s old */
  static Rpo rpo(long lost, long phantoms, long overshoot) {
    Duration age = lost == 0 ? Duration.ZERO : Duration.ofSeconds(2);
    return new Rpo(100, lost, age, lost, phantoms, 0, 0, 0, overshoot, Optional.empty());
  }

  static ScenarioResult without(Verdict verdict, String... reasons) {
    return ScenarioResult.without("S12", "cut", verdict, List.of(reasons));
  }
}
