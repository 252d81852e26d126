package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
      new FullDisk(),
      new SmallTarget(),
      new Failover(),
      new WarmStandby(),
      new PromotedInBackup(),
      new MappedTablespaces(),
      new SharedBlock(),
      new LostSlot(),
      new ForeignCluster(),
      new DeletedWhileRestored(),
      new MissingKey(),
      new NegativeControl(),
      new PowerLoss());

  private Scenarios() {}

  static List<ScenarioInfo> infos() {
    return ALL.stream().map(Scenario::info).toList();
  }

  /**
   * @param words ids, names, {@code tier1}, {@code tier2} or {@code all}, case does not matter
   * @return in the catalogue's order, each once
   * @throws BarmanException with code DRILL_CONFIGURATION for a word that means nothing
   */
  static List<Scenario> select(List<String> words) {
    Set<Scenario> chosen = new LinkedHashSet<>();
    for (String word : words) {
      chosen.addAll(matching(word.strip().toLowerCase(Locale.ROOT)));
    }
    List<Scenario> ordered = new ArrayList<>(ALL);
    ordered.retainAll(chosen);
    return ordered;
  }

  static void require(String word) {
    matching(word.strip().toLowerCase(Locale.ROOT));
  }

  private static List<Scenario> matching(String word) {
    if (word.equals("all")) {
      return ALL;
    }
    if (word.matches("tier[12]")) {
      int tier = word.charAt(4) - '0';
      return ALL.stream().filter(scenario -> scenario.info().tier() == tier).toList();
    }
    List<Scenario> found = ALL.stream()
        .filter(scenario -> scenario.info().id().toLowerCase(Locale.ROOT).equals(word)
            || scenario.info().name().equals(word))
        .toList();
    if (found.isEmpty()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "there is no scenario '" + word + "'",
          "choose from "
              + String.join(", ", infos().stream().map(ScenarioInfo::id).toList())
              + ", tier1 or all; mvn barman:drill -Dbarman.drill.list explains them");
    }
    return found;
  }
}
