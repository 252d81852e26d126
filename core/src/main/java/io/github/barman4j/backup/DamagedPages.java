package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.wal.SuspectPages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names the pages of a backup that are damaged on the server's disk. */
final class DamagedPages {
  private static final int MOST_FILES = 1000;
  private static final int MOST_PAGES = 1000;

  private DamagedPages() {}

  /**
   * @param suspects sorted by path
   * @param notListed how many more pages are damaged
   */
  static List<DamagedFile> name(
      List<SuspectPages.Suspect> suspects,
      long notListed,
      PostgresServer server,
      EventSink events) {
    Map<String, List<SuspectPages.Suspect>> byPath = new TreeMap<>();
    suspects.forEach(suspect ->
        byPath.computeIfAbsent(suspect.path(), path -> new ArrayList<>()).add(suspect));
    List<List<SuspectPages.Suspect>> files =
        byPath.values().stream().limit(MOST_FILES).toList();
    List<RelationFile> relations =
        files.stream().map(pages -> pages.get(0).file()).toList();
    List<String> names = names(relations, server, events);
    List<DamagedFile> named = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      List<SuspectPages.Suspect> pages = files.get(i);
      named.add(new DamagedFile(
          pages.get(0).path(),
          names.get(i),
          pages.stream().map(SuspectPages.Suspect::page).limit(MOST_PAGES).toList(),
          pages.get(0).problem()
              + (pages.size() > 1 ? "; " + pages.size() + " pages in all" : "")));
    }
    if (notListed > 0) {
      named.add(new DamagedFile("base", "", List.of(), notListed + " more pages are damaged"));
    }
    return List.copyOf(named);
  }

  /** That the server cannot be asked any more is no reason to lose the backup. */
  private static List<String> names(
      List<RelationFile> relations, PostgresServer server, EventSink events) {
    if (relations.isEmpty()) {
      return List.of();
    }
    try {
      return server.relationNames(relations);
    } catch (BarmanException e) {
      events.warn(
          "the names of damaged relations are not known: " + e.problem(),
          "their files are named; oid2name finds out what they are");
      return relations.stream().map(relation -> "").toList();
    }
  }
}
