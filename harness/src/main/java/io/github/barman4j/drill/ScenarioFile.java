package io.github.barman4j.drill;

import io.github.barman4j.report.Limits;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a scenario from a YAML file. What is wrong is a BarmanException (DRILL_CONFIGURATION) with the file, the line and what is allowed. */
final class ScenarioFile {
  private static final List<String> KEYS =
      List.of("id", "name", "summary", "tier", "injection", "expected", "steps", "expect");
  private static final List<String> LIMITS = List.of("maxLostTransactions", "maxRpo", "maxRto");

  private final Path path;

  private ScenarioFile(Path path) {
    this.path = path;
  }

  /** Whether a choice of scenarios is a file's path. */
  static boolean isOne(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    return lower.endsWith(".yaml") || lower.endsWith(".yml");
  }

  static FileScenario read(Path path) {
    return new ScenarioFile(path).scenario(YamlNode.read(path));
  }

  private FileScenario scenario(YamlNode root) {
    Map<String, YamlNode> values = root.mapping("a scenario", KEYS);
    YamlNode idNode = root.required(values, "id");
    String id = matching(idNode, "the id", OwnScenarios.ID);
    String name = matching(root.required(values, "name"), "the name", OwnScenarios.NAME);
    YamlNode summary = values.get("summary");
    YamlNode tier = values.get("tier");
    YamlNode stepsNode = root.required(values, "steps");
    ScenarioSteps reader = new ScenarioSteps();
    List<FileScenario.Step> steps =
        stepsNode.list("steps").stream().map(reader::read).toList();
    if (!reader.isJudged()) {
      throw stepsNode.refused(
          "no step recovers anything, so nothing would be compared",
          "a step 'recover: latest', or 'refused: …'");
    }
    Limits limits = limits(values.get("expect"));
    // A bound on the age of what is lost alone says that something may be lost.
    boolean promisesNoLoss =
        limits.lostTransactions().isPresent() || limits.rpo().isEmpty();
    return new FileScenario(
        path,
        new ScenarioInfo(
            id,
            name,
            tier == null ? 1 : (int) tier.number("the tier", 1, 2),
            promisesNoLoss,
            summary == null ? "read from " + path : summary.text("the summary"),
            detail(values, reader)),
        limits,
        reader.breakable(),
        steps);
  }

  /** In the user's words. */
  private static ScenarioDetail detail(Map<String, YamlNode> values, ScenarioSteps steps) {
    ScenarioDetail detail = ScenarioDetail.NONE.withNeeds(
        steps.breakable().stream().flatMap(Breakable::needs).distinct().toList());
    YamlNode injection = values.get("injection");
    if (injection != null) {
      detail = detail.withInjection(injection.text("the injection"));
    }
    YamlNode expected = values.get("expected");
    if (expected != null) {
      List<YamlNode> all = expected.isText() ? List.of(expected) : expected.list("expected");
      for (YamlNode one : all) {
        detail = detail.and(
            new ScenarioDetail.Expectation(one.text("what is expected"), steps.checks(), true));
      }
    }
    return detail;
  }

  private static String matching(YamlNode node, String what, String pattern) {
    String text = node.text(what);
    if (!text.matches(pattern)) {
      throw node.refused(what + " is '" + text + "'", pattern);
    }
    return text;
  }

  private static Limits limits(@Nullable YamlNode node) {
    if (node == null) {
      return Limits.NONE;
    }
    Map<String, YamlNode> values = node.mapping("expect", LIMITS);
    return new Limits(
        Optional.ofNullable(values.get("maxLostTransactions"))
            .map(value -> OptionalLong.of(value.number("maxLostTransactions", 0, Long.MAX_VALUE)))
            .orElse(OptionalLong.empty()),
        Optional.ofNullable(values.get("maxRpo")).map(value -> value.duration("maxRpo")),
        Optional.ofNullable(values.get("maxRto")).map(value -> value.duration("maxRto")));
  }
}
