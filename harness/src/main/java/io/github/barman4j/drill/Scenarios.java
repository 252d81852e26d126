package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The catalogue. */
final class Scenarios {
  private static final List<Scenario> ALL = List.of(
      new Control(),
      new KillSynchronous(),
      new KillAsynchronous(),
      new ArchiveCommand(),
      new LostDataDirectory(),
      new DroppedTable(),
      new BeyondLastCommit(),
      new DamagedPage(),
      new DamagedBlock(),
      new MissingSegment(),
      new BackupWithoutItsWal(),
      new KilledReceiver(),
      new CutBackup(),
      new BrokenBackup(),
      new ThrottledLink(),
      new DelayedAnswers(),
      new PartitionedHost(),
      new SilentStall(),
      new FullDisk(),
      new SmallTarget(),
      new Failover(),
      new WarmStandby(),
      new PromotedInBackup(),
      new MappedTablespaces(),
      new SharedBlock(),
      new SkewedClock(),
      new LostSlot(),
      new ForeignCluster(),
      new DeletedWhileRestored(),
      new MissingKey(),
      new NegativeControl(),
      new ManagedFailover(),
      new ClonedStandby(),
      new PowerLoss());

  private Scenarios() {}

  static List<ScenarioInfo> infos() {
    return ALL.stream().map(Scenario::info).toList();
  }

  /** Also those of the user that are found, and those in files that are chosen. */
  static List<ScenarioInfo> allInfos(List<String> words) {
    return known(words).stream().map(Scenario::info).toList();
  }

  /**
   * @param words ids, names, {@code tier1}, {@code tier2} or {@code all}, case does not matter; and paths of YAML files
   * @return in the catalogue's order, each once
   * @throws BarmanException with code DRILL_CONFIGURATION for a word that means nothing
   */
  static List<Scenario> select(List<String> words) {
    List<Scenario> known = known(words);
    Set<String> chosen = new HashSet<>();
    for (String word : words) {
      matching(known, word.strip())
          .forEach(scenario -> chosen.add(scenario.info().id()));
    }
    return known.stream()
        .filter(scenario -> chosen.contains(scenario.info().id()))
        .toList();
  }

  /** The paths among the words, by the ids of their scenarios. */
  static Map<String, String> files(List<String> words) {
    Map<String, String> files = new HashMap<>();
    words.stream()
        .map(String::strip)
        .filter(ScenarioFile::isOne)
        .forEach(word -> files.put(ScenarioFile.read(Path.of(word)).info().id(), word));
    return files;
  }

  /** @param words that were chosen: a YAML file among them makes its scenario known */
  static void require(String id, List<String> words) {
    matching(known(words), id.strip());
  }

  private static List<Scenario> known(List<String> words) {
    List<OwnScenario> own = new ArrayList<>(OwnScenarios.found());
    words.stream()
        .map(String::strip)
        .filter(ScenarioFile::isOne)
        .distinct()
        .forEach(word -> own.add(ScenarioFile.read(Path.of(word))));
    OwnScenarios.requireDistinct(infos(), own);
    List<Scenario> all = new ArrayList<>(ALL);
    own.forEach(scenario -> all.add(new OwnRun(scenario)));
    return all;
  }

  private static List<Scenario> matching(List<Scenario> known, String given) {
    if (ScenarioFile.isOne(given)) {
      String id = ScenarioFile.read(Path.of(given)).info().id();
      return known.stream().filter(scenario -> scenario.info().id().equals(id)).toList();
    }
    String word = given.toLowerCase(Locale.ROOT);
    if (word.equals("all")) {
      return known.stream().filter(scenario -> !isFromFile(scenario)).toList();
    }
    if (word.matches("tier[12]")) {
      int tier = word.charAt(4) - '0';
      return known.stream()
          .filter(scenario -> scenario.info().tier() == tier && !isFromFile(scenario))
          .toList();
    }
    List<Scenario> found = known.stream()
        .filter(scenario -> scenario.info().id().toLowerCase(Locale.ROOT).equals(word)
            || scenario.info().name().toLowerCase(Locale.ROOT).equals(word))
        .toList();
    if (found.isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "there is no scenario '" + given + "'",
          "choose from "
              + String.join(
                  ", ", known.stream().map(scenario -> scenario.info().id()).toList())
              + ", tier1 or all, or name a YAML file; mvn barman:drill -Dbarman.drill.list explains them");
    }
    return found;
  }

  /** A file is run where it is named itself, or its id. */
  private static boolean isFromFile(Scenario scenario) {
    return scenario instanceof OwnRun own && own.scenario() instanceof FileScenario;
  }
}
