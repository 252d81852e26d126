package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.drill.RestoreDrill;
import io.github.barman4j.drill.ScenarioDetail;
import io.github.barman4j.drill.ScenarioDetail.Expectation;
import io.github.barman4j.drill.ScenarioDetail.Need;
import io.github.barman4j.drill.ScenarioInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalogue of scenarios, as lines for readers and as JSON for programs. */
final class CatalogueText {
  private CatalogueText() {}

  /** One line of a scenario. */
  static String line(ScenarioInfo scenario) {
    return scenario.id() + " " + scenario.name() + " (tier " + scenario.tier() + "): "
        + scenario.summary();
  }

  /** The scenarios, and the drill of an existing backup behind them. */
  static void answer(List<ScenarioInfo> scenarios, Output to) {
    List<ScenarioInfo> all = new ArrayList<>(scenarios);
    all.add(RestoreDrill.INFO);
    ObjectNode document = Output.document();
    json(all, document.putArray("scenarios"));
    to.answer(lines(all), document);
  }

  static List<String> lines(List<ScenarioInfo> scenarios) {
    List<String> lines = new ArrayList<>();
    for (ScenarioInfo scenario : scenarios) {
      ScenarioDetail detail = scenario.detail();
      lines.add(line(scenario));
      if (!detail.needs().isEmpty()) {
        lines.add("    needs    "
            + detail.needs().stream().map(Need::text).collect(Collectors.joining(", ")));
      }
      if (!detail.injection().isEmpty()) {
        lines.add("    breaks   " + detail.injection());
      }
      detail.expected().forEach(one -> lines.add("    expected " + expected(one)));
    }
    return lines;
  }

  private static String expected(Expectation expectation) {
    return expectation.checks().isEmpty()
        ? expectation.text()
        : expectation.text() + " (" + String.join(", ", expectation.checks()) + ")";
  }

  private static void json(List<ScenarioInfo> scenarios, ArrayNode array) {
    for (ScenarioInfo scenario : scenarios) {
      ScenarioDetail detail = scenario.detail();
      ObjectNode json = array
          .addObject()
          .put("id", scenario.id())
          .put("name", scenario.name())
          .put("tier", scenario.tier())
          .put("promisesNoLoss", scenario.promisesNoLoss())
          .put("summary", scenario.summary())
          .put("injection", detail.injection());
      ArrayNode needs = json.putArray("needs");
      detail.needs().forEach(need -> needs.add(need.name().toLowerCase(Locale.ROOT)));
      ArrayNode expected = json.putArray("expected");
      for (Expectation one : detail.expected()) {
        ArrayNode checks = expected.addObject().put("text", one.text()).putArray("checks");
        one.checks().forEach(checks::add);
      }
      json.put("rpo", detail.loss()).put("rto", detail.time());
    }
  }
}
