package io.github.barman4j.drill;

import io.github.barman4j.drill.ScenarioDetail.Expectation;
import io.github.barman4j.drill.ScenarioDetail.Need;
import java.util.List;

/**
 * What the catalogue says about a scenario.
 *
 * @param id for instance {@code S01}
 * @param name for instance {@code kill-primary-synchronous}
 * @param tier 1 belongs into every build, 2 into a nightly one
 * @param promisesNoLoss whether the user's limits on loss bind it
 * @param summary one sentence
 * @param detail what there is to say beyond that; nothing has to be
 */
public record ScenarioInfo(
    String id,
    String name,
    int tier,
    boolean promisesNoLoss,
    String summary,
    ScenarioDetail detail) {

  /** With its summary alone. */
  public ScenarioInfo(String id, String name, int tier, boolean promisesNoLoss, String summary) {
    this(id, name, tier, promisesNoLoss, summary, ScenarioDetail.NONE);
  }

  /** Says what is broken, and when. */
  public ScenarioInfo breaking(String injection) {
    return with(detail.withInjection(injection));
  }

  /**
   * Says one thing that must come of it.
   *
   * @param checks that decide it. A run that passed without having made one of them fails. Without any it is decided by what was
   *     lost, and how long it took, against the limits
   */
  public ScenarioInfo expecting(String text, String... checks) {
    return with(detail.and(new Expectation(text, List.of(checks), true)));
  }

  /** The same of a check that is only made where what it looks at can be seen. */
  public ScenarioInfo expectingWhereSeen(String text, String check) {
    return with(detail.and(new Expectation(text, List.of(check), false)));
  }

  /** Says how what is lost and how long it takes are measured. */
  public ScenarioInfo measuring(String loss, String time) {
    return with(detail.withMeasures(loss, time));
  }

  /** Says without what the scenario is skipped. */
  public ScenarioInfo needing(Need... needs) {
    return with(detail.withNeeds(List.of(needs)));
  }

  private ScenarioInfo with(ScenarioDetail other) {
    return new ScenarioInfo(id, name, tier, promisesNoLoss, summary, other);
  }
}
