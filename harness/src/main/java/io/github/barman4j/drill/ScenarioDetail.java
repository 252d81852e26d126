package io.github.barman4j.drill;

import java.util.ArrayList;
import java.util.List;

/**
 * What a scenario breaks and what it expects, for readers. A text is empty where nothing is said.
 *
 * @param injection what is broken, and when
 * @param expected what must come of it, one thing each
 * @param loss what the recovery point is measured by
 * @param time what the recovery time is, or the time of whatever else is asked for
 * @param needs beside a server; where one is missing the scenario is skipped
 */
public record ScenarioDetail(
    String injection, List<Expectation> expected, String loss, String time, List<Need> needs) {
  static final ScenarioDetail NONE = new ScenarioDetail("", List.of(), "", "", List.of());

  /**
   * One thing that must come of a scenario.
   *
   * @param checks that decide it; none where it is what was lost, or how long it took, against the limits
   * @param everywhere whether the checks are made in every environment
   */
  public record Expectation(String text, List<String> checks, boolean everywhere) {
    public Expectation {
      checks = List.copyOf(checks);
    }
  }

  /** What a machine must have. */
  public enum Need {
    TOXIPROXY("a Toxiproxy"),
    CONTAINERS("servers in containers"),
    FAKETIME("an image with libfaketime"),
    REPMGR("an image with repmgr"),
    REPOSITORY("a repository with a backup");

    private final String text;

    Need(String text) {
      this.text = text;
    }

    /** For instance {@code a Toxiproxy}. */
    public String text() {
      return text;
    }
  }

  public ScenarioDetail {
    expected = List.copyOf(expected);
    needs = List.copyOf(needs);
  }

  ScenarioDetail withInjection(String text) {
    return new ScenarioDetail(text, expected, loss, time, needs);
  }

  ScenarioDetail and(Expectation more) {
    List<Expectation> all = new ArrayList<>(expected);
    all.add(more);
    return new ScenarioDetail(injection, all, loss, time, needs);
  }

  ScenarioDetail withMeasures(String lossMeasure, String timeMeasure) {
    return new ScenarioDetail(injection, expected, lossMeasure, timeMeasure, needs);
  }

  ScenarioDetail withNeeds(List<Need> all) {
    return new ScenarioDetail(injection, expected, loss, time, all);
  }
}
