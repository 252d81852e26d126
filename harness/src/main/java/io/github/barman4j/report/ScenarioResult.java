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
 * @param traffic empty when it did not come to a recovery or had no load
 * @param earlier runs whose figures compare with these, the oldest first; none when no history is kept
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
    List<Figure> figures,
    Optional<Traffic> traffic,
    List<HistoryEntry> earlier) {
  public ScenarioResult {
    reasons = List.copyOf(reasons);
    figures = List.copyOf(figures);
    checks = List.copyOf(checks);
    earlier = List.copyOf(earlier);
  }

  /** Alone, without what went on over time and before. */
  public ScenarioResult(
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
    this(
        id,
        name,
        variant,
        verdict,
        reasons,
        limits,
        rpo,
        rto,
        restored,
        checks,
        figures,
        Optional.empty(),
        List.of());
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
    return with(verdict, reasons, Optional.of(measured), checks, traffic, earlier);
  }

  public ScenarioResult withVerdict(Verdict other, List<String> otherReasons) {
    return with(other, otherReasons, rto, checks, traffic, earlier);
  }

  public ScenarioResult withTraffic(Optional<Traffic> recorded) {
    return with(verdict, reasons, rto, checks, recorded, earlier);
  }

  public ScenarioResult withEarlier(List<HistoryEntry> runs) {
    return with(verdict, reasons, rto, checks, traffic, runs);
  }

  public ScenarioResult withChecks(List<Check> others) {
    return with(verdict, reasons, rto, others, traffic, earlier);
  }

  private ScenarioResult with(
      Verdict otherVerdict,
      List<String> otherReasons,
      Optional<Rto> otherRto,
      List<Check> otherChecks,
      Optional<Traffic> otherTraffic,
      List<HistoryEntry> otherEarlier) {
    return new ScenarioResult(
        id,
        name,
        variant,
        otherVerdict,
        otherReasons,
        limits,
        rpo,
        otherRto,
        restored,
        otherChecks,
        figures,
        otherTraffic,
        otherEarlier);
  }

  /** For instance {@code S05 dropped-table (xid)}. */
  public String title() {
    return id + " " + name + variant.map(text -> " (" + text + ")").orElse("");
  }
}
