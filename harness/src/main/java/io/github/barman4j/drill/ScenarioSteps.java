package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.fault.Fault;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Reads the steps of a scenario in a file, one after the other, and knows what the steps before have said. */
final class ScenarioSteps {
  private static final List<String> PLAIN =
      List.of("stop-receiver", "load", "stop-load", "backup", "heal");
  private static final List<String> WITH_VALUE = List.of(
      "receive", "standby", "commits", "sql", "moment", "hold", "fault", "heal", "recover",
      "refused");
  private static final List<String> BY = List.of("name", "lsn", "time");
  private static final String KEPT_FOR_THE_DRILL = "a code of the engine, such as BRM-403";

  private final Set<String> moments = new HashSet<>();
  private final Set<String> healable = new TreeSet<>();
  private final Set<Breakable> breakable = EnumSet.noneOf(Breakable.class);
  private final Set<String> refusals = new TreeSet<>();
  private boolean recovers;

  /** All that a step can begin with. */
  static Set<String> words() {
    Set<String> words = new TreeSet<>(PLAIN);
    words.addAll(WITH_VALUE);
    return words;
  }

  /** Whether a step so far recovers something, or must be refused. */
  boolean isJudged() {
    return recovers || !refusals.isEmpty();
  }

  /** The checks that decide what must come of the scenario; none where what it recovers does. */
  List<String> checks() {
    return recovers ? List.of() : List.copyOf(refusals);
  }

  /** What the steps so far break of what an ordinary stage has not. */
  Set<Breakable> breakable() {
    return EnumSet.copyOf(breakable);
  }

  FileScenario.Step read(YamlNode node) {
    if (node.isSingle()) {
      return switch (node.word("step", PLAIN)) {
        case "stop-receiver" -> (stage, notes) -> stage.stopReceiver();
        case "load" -> (stage, notes) -> stage.startLoad();
        case "stop-load" -> (stage, notes) -> stage.stopLoad();
        case "heal" -> (stage, notes) -> stage.faults().heal();
        default -> (stage, notes) -> stage.backup();
      };
    }
    Map.Entry<String, YamlNode> step = node.only("a step", WITH_VALUE);
    YamlNode value = step.getValue();
    return switch (step.getKey()) {
      case "receive" -> {
        DrillStage.Receiving receiving = receiving(value, "receiver");
        yield (stage, notes) -> stage.startReceiver(receiving);
      }
      case "standby" -> {
        DrillStage.Receiving receiving = receiving(value, "standby");
        yield (stage, notes) -> stage.startStandby(receiving);
      }
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
      case "hold" -> {
        Duration time = value.duration("hold");
        yield (stage, notes) -> Hold.on(time);
      }
      case "fault" -> fault(FaultWords.read(value));
      case "heal" -> heal(value);
      case "refused" -> refused(value);
      default -> recover(value);
    };
  }

  private static DrillStage.Receiving receiving(YamlNode node, String who) {
    return node.word("kind of " + who, List.of("synchronous", "asynchronous")).equals("synchronous")
        ? DrillStage.Receiving.SYNCHRONOUS
        : DrillStage.Receiving.ASYNCHRONOUS;
  }

  private static FileScenario.Step sql(String sql) {
    return (stage, notes) -> {
      try (Connection connection = stage.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    };
  }

  private FileScenario.Step fault(FaultWords.Named named) {
    Breakable.neededFor(named.type()).ifPresent(breakable::add);
    if (named.isHealed()) {
      healable.add(named.word());
    }
    return (stage, notes) -> {
      Faults faults = stage.faults();
      Fault fault = named.in(stage);
      if (fault instanceof Fault.OfServer ofServer) {
        notes.injected(faults.inject(ofServer));
      } else if (fault instanceof Fault.OfServerForAWhile ofServer) {
        notes.broken(named.word(), faults.inject(ofServer));
      } else if (fault instanceof Fault.OfStandby ofStandby) {
        faults.inject(ofStandby);
      } else if (fault instanceof Fault.OfHost ofHost) {
        notes.broken(named.word(), faults.inject(ofHost));
      } else if (fault instanceof Fault.OfLink ofLink) {
        notes.broken(named.word(), faults.inject(ofLink, named.way()));
      } else {
        throw new IllegalStateException("nobody injects " + fault);
      }
    };
  }

  private FileScenario.Step heal(YamlNode node) {
    String word = node.text("heal");
    if (!healable.contains(word)) {
      throw node.refused(
          "no step before this one injects a fault '" + word + "' that could be healed",
          healable.isEmpty() ? "a step 'fault: …' before" : String.join(", ", healable));
    }
    return (stage, notes) -> notes.heal(word);
  }

  /** What is tried must be of the engine, and its refusal too. */
  private FileScenario.Step refused(YamlNode node) {
    Map<String, YamlNode> values = node.mapping("refused", List.of("step", "code"));
    YamlNode step = node.required(values, "step");
    String what = step.isSingle()
        ? step.word("step to be refused", List.of("backup"))
        : step.only("a step to be refused", List.of("receive", "recover")).getKey();
    boolean recoversElsewhere = recovers;
    FileScenario.Step tried = read(step);
    recovers = recoversElsewhere;
    YamlNode code = node.required(values, "code");
    List<YamlNode> codes = code.isList() ? code.list("code") : List.of(code);
    if (codes.isEmpty()) {
      throw code.refused("code is empty", KEPT_FOR_THE_DRILL);
    }
    ErrorCode[] expected = codes.stream().map(ScenarioSteps::code).toArray(ErrorCode[]::new);
    String name = "refused " + what;
    refusals.add(name);
    return (stage, notes) -> stage.refused(name, () -> tried.run(stage, notes), expected);
  }

  private static ErrorCode code(YamlNode node) {
    String text = node.text("code");
    return Stream.of(ErrorCode.values())
        .filter(Refusal::isOfTheEngine)
        .filter(code -> code.code().equals(text))
        .findFirst()
        .orElseThrow(() -> node.refused("there is no code '" + text + "'", KEPT_FOR_THE_DRILL));
  }

  private FileScenario.Step recover(YamlNode node) {
    recovers = true;
    if (node.isSingle()) {
      return switch (node.word("target", List.of("latest", "before-fault", "standby"))) {
        case "latest" -> (stage, notes) -> stage.recoverLatest();
        case "standby" -> (stage, notes) -> stage.recoverByPromotion();
        default -> (stage, notes) -> stage.recoverBefore(notes.mistake());
      };
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
