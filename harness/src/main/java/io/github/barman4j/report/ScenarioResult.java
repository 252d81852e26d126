package io.github.barman4j.report;

import java.util.List;
import java.util.Optional;

/**
 * One scenario, or one variant of it.
 *
 * @param id for instance {@code S05}
 * @param name for instance {@code dropped-table}
 * @param variant for instance {@code xid}
 * @param reasons why it did not pass, or why it passed although something was lost
 * @param figures what only this scenario counts
 * @param rpo empty when it did not come to a recovery, as the following two
 */
public record ScenarioResult(
    String id,
    String name,
    Optional<String> variant,
    Verdict verdict,
    List<String> reasons,
    Limits limits,
    Optional<Rpo> rpo,
    Optional<Rto> rto,
    Optional<Restored> restored,
    List<Check> checks,
    List<Figure> figures) {
  public ScenarioResult {
    reasons = List.copyOf(reasons);
    figures = List.copyOf(figures);
    checks = List.copyOf(checks);
  }

  /** A scenario that did not come to a recovery. */
  public static ScenarioResult without(
      String id, String name, Verdict verdict, List<String> reasons) {
    return new ScenarioResult(
        id,
        name,
        Optional.empty(),
        verdict,
        reasons,
        Limits.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  public ScenarioResult withRto(Rto measured) {
    return new ScenarioResult(
        id,
        name,
        variant,
        verdict,
        reasons,
        limits,
        rpo,
        Optional.of(measured),
        restored,
        checks,
        figures);
  }

  public ScenarioResult withVerdict(Verdict other, List<String> otherReasons) {
    return new ScenarioResult(
        id, name, variant, other, otherReasons, limits, rpo, rto, restored, checks, figures);
  }

  /** For instance {@code S05 dropped-table (xid)}. */
  public String title() {
    return id + " " + name + variant.map(text -> " (" + text + ")").orElse("");
  }
}
