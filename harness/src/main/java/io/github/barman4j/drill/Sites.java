package io.github.barman4j.drill;

import io.github.barman4j.cluster.Servers;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The places that one run of a scenario has opened for its servers, and what it has left of them. Used by one thread. */
final class Sites {
  private static final String NAME = "nothing-left";

  private static final Duration LEAVING = Duration.ofSeconds(10);

  private final Servers servers;
  private final List<Site> opened = new ArrayList<>();

  Sites(Servers servers) {
    this.servers = servers;
  }

  /** @param servers those of the drill, or others that one scenario needs */
  Site open(Servers servers) {
    Site site = servers.open();
    opened.add(site);
    return site;
  }

  /** For a server that must reach nothing. */
  Site openIsolated() {
    Site site = servers.openIsolated();
    opened.add(site);
    return site;
  }

  /** After the run: whether anything of it is still on this machine; what is about to end is given some seconds. */
  Check nothingLeft() {
    return nothingLeft(LEAVING);
  }

  Check nothingLeft(Duration atMost) {
    List<String> left = new ArrayList<>();
    opened.forEach(site -> left.addAll(site.remains(atMost)));
    return new Check(
        NAME,
        left.isEmpty(),
        left.isEmpty()
            ? "no process, " + servers.remains() + " of the drill is there any more"
            : "still there: " + String.join("; ", left));
  }

  /** Adds the check to what came of a run; whatever it came to, what is left fails it. */
  static ScenarioResult judged(ScenarioResult result, Check check) {
    List<Check> checks = new ArrayList<>(result.checks());
    checks.add(check);
    ScenarioResult checked = result.withChecks(checks);
    if (check.passed()) {
      return checked;
    }
    List<String> reasons = new ArrayList<>();
    if (result.verdict() == Verdict.FAILED) {
      reasons.addAll(result.reasons());
    }
    reasons.addAll(Judge.of(List.of(check), List.of()).reasons());
    return checked.withVerdict(Verdict.FAILED, reasons);
  }
}
