package io.github.barman4j.drill;

import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Limits;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a scenario from a YAML file. What is wrong is a BarmanException (DRILL_CONFIGURATION) with the file, the line and what is allowed. */
final class ScenarioFile {
  private static final List<String> KEYS =
      List.of("id", "name", "summary", "tier", "injection", "expected", "steps", "expect");
  private static final List<String> LIMITS = List.of("maxLostTransactions", "maxRpo", "maxRto");
  private static final List<String> PLAIN_STEPS =
      List.of("stop-receiver", "load", "stop-load", "backup");
  private static final List<String> STEPS =
      List.of("receive", "commits", "sql", "moment", "fault", "recover");
  private static final List<String> BY = List.of("name", "lsn", "time");

  private final Path path;
  private final Set<String> moments = new HashSet<>();
  private boolean recovers;

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
    List<FileScenario.Step> steps =
        stepsNode.list("steps").stream().map(this::step).toList();
    if (!recovers) {
      throw stepsNode.refused(
          "no step recovers anything, so nothing would be compared", "a step 'recover: latest'");
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
            detail(values)),
        limits,
        steps);
  }

  /** In the user's words. */
  private static ScenarioDetail detail(Map<String, YamlNode> values) {
    ScenarioDetail detail = ScenarioDetail.NONE;
    YamlNode injection = values.get("injection");
    if (injection != null) {
      detail = detail.withInjection(injection.text("the injection"));
    }
    YamlNode expected = values.get("expected");
    if (expected != null) {
      List<YamlNode> all = expected.isText() ? List.of(expected) : expected.list("expected");
      for (YamlNode one : all) {
        detail = detail.and(
            new ScenarioDetail.Expectation(one.text("what is expected"), List.of(), true));
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

  private FileScenario.Step step(YamlNode node) {
    if (node.isText()) {
      return switch (node.word("step", PLAIN_STEPS)) {
        case "stop-receiver" -> (stage, notes) -> stage.stopReceiver();
        case "load" -> (stage, notes) -> stage.startLoad();
        case "stop-load" -> (stage, notes) -> stage.stopLoad();
        default -> (stage, notes) -> stage.backup();
      };
    }
    Map.Entry<String, YamlNode> step = node.only("a step", STEPS);
    YamlNode value = step.getValue();
    return switch (step.getKey()) {
      case "receive" -> receive(value);
      case "commits" -> {
        int commits = (int) value.number("commits", 1, 1_000_000);
        yield (stage, notes) -> stage.awaitCommits(commits);
      }
      case "sql" -> sql(value.text("sql"));
      case "moment" -> {
        String name = value.text("moment");
        if (!moments.add(name)) {
          throw value.refused("the moment '" + name + "' is there twice", "a name of its own");
        }
        yield (stage, notes) -> notes.moment(stage.moment(name));
      }
      case "fault" -> fault(FaultWords.read(value));
      default -> recover(value);
    };
  }

  private static FileScenario.Step receive(YamlNode node) {
    DrillStage.Receiving receiving =
        node.word("kind of receiver", List.of("synchronous", "asynchronous")).equals("synchronous")
            ? DrillStage.Receiving.SYNCHRONOUS
            : DrillStage.Receiving.ASYNCHRONOUS;
    return (stage, notes) -> stage.startReceiver(receiving);
  }

  private static FileScenario.Step sql(String sql) {
    return (stage, notes) -> {
      try (Connection connection = stage.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    };
  }

  private static FileScenario.Step fault(FaultWords.Words words) {
    return (stage, notes) -> {
      Fault fault = words.spoken(stage);
      if (fault instanceof Fault.OfServer ofServer) {
        notes.injected(stage.faults().inject(ofServer));
      } else if (fault instanceof Fault.OfHost ofHost) {
        // The stage heals it when the drill ends.
        stage.faults().inject(ofHost);
      }
    };
  }

  private FileScenario.Step recover(YamlNode node) {
    recovers = true;
    if (node.isText()) {
      return node.word("target", List.of("latest", "before-fault")).equals("latest")
          ? (stage, notes) -> stage.recoverLatest()
          : (stage, notes) -> stage.recoverBefore(notes.mistake());
    }
    Map<String, YamlNode> values = node.mapping("recover", List.of("to", "by"));
    YamlNode to = node.required(values, "to");
    String name = to.text("to");
    if (!moments.contains(name)) {
      throw to.refused(
          "no step before this one notes a moment '" + name + "'",
          moments.isEmpty() ? "latest, or a step 'moment: …' before" : String.join(", ", moments));
    }
    YamlNode how = values.get("by");
    Moment.By by = how == null
        ? Moment.By.NAME
        : Moment.By.valueOf(how.word("by", BY).toUpperCase(Locale.ROOT));
    return (stage, notes) -> stage.recoverTo(notes.moment(name), by);
  }
}
