package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the user's scenarios, and refuses those that could be taken for others. */
final class OwnScenarios {
  static final String ID = "[A-Za-z][A-Za-z0-9._-]{0,99}";
  static final String NAME = "[a-z0-9][a-z0-9-]{0,99}";

  private static final String OF_THE_CATALOGUE = "[rRsS][0-9]+";
  private static final String CHOICE = "all|tier[0-9]";

  private OwnScenarios() {}

  /**
   * @return those beside the harness: in a project's tests, or among the dependencies of the plugin
   * @throws BarmanException with code DRILL_CONFIGURATION when one of them cannot be made
   */
  static List<OwnScenario> found() {
    ClassLoader loader = OwnScenario.class.getClassLoader();
    return found(loader == null ? ClassLoader.getSystemClassLoader() : loader);
  }

  static List<OwnScenario> found(ClassLoader loader) {
    List<OwnScenario> found = new ArrayList<>();
    try {
      ServiceLoader.load(OwnScenario.class, loader).forEach(found::add);
    } catch (ServiceConfigurationError e) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "a scenario of your own cannot be made: " + e.getMessage(),
          "META-INF/services/" + OwnScenario.class.getName()
              + " names public classes with a public constructor without parameters",
          e);
    }
    return found;
  }

  /** @throws BarmanException with code DRILL_CONFIGURATION when an id or a name is another's or has a form that is not allowed */
  static void requireDistinct(List<ScenarioInfo> catalogue, List<OwnScenario> own) {
    Map<String, String> owners = new HashMap<>();
    for (ScenarioInfo info : catalogue) {
      owners.put(info.id().toLowerCase(Locale.ROOT), "the catalogue's " + info.id());
      owners.put(info.name(), "the catalogue's " + info.id());
    }
    for (OwnScenario scenario : own) {
      ScenarioInfo info = scenario.info();
      requireForm(scenario, info.id().matches(ID), "the id '" + info.id() + "'", ID);
      requireForm(scenario, info.name().matches(NAME), "the name '" + info.name() + "'", NAME);
      requireForm(
          scenario,
          info.tier() == 1 || info.tier() == 2,
          "the tier " + info.tier(),
          "1 for every build, 2 for a nightly one");
      String id = info.id().toLowerCase(Locale.ROOT);
      String other = owners.getOrDefault(id, owners.get(info.name()));
      if (other != null
          || id.matches(OF_THE_CATALOGUE + "|" + CHOICE)
          || info.name().matches(OF_THE_CATALOGUE + "|" + CHOICE)) {
        throw new BarmanException(
            ErrorCode.DRILL_CONFIGURATION,
            "the scenario " + info.id() + " " + info.name() + " of " + source(scenario)
                + " has an id or a name that is "
                + (other == null ? "kept for the catalogue" : "that of " + other),
            "give it an id like ORDERS-1, not S or R and a number, and a name that no other has");
      }
      owners.put(id, source(scenario));
      owners.put(info.name(), source(scenario));
    }
  }

  private static void requireForm(
      OwnScenario scenario, boolean holds, String what, String expected) {
    if (!holds) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          what + " of " + source(scenario) + " is not allowed",
          "allowed is " + expected);
    }
  }

  private static String source(OwnScenario scenario) {
    return scenario instanceof FileScenario file
        ? file.path().toString()
        : scenario.getClass().getName();
  }
}
