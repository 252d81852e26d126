package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.TableHashes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * S23: a cluster with two tablespaces comes back beside the old one, whose files are still there: one tablespace into a new folder, one
 * through a symbolic link that was there before. Nothing is written anywhere else, and without the mapping it is refused.
 */
final class MappedTablespaces implements Scenario {
  private static final int COMMITS = 200;
  private static final String LINKED = "drill_linked";
  private static final String PLAIN = "drill_plain";

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S23",
          "mapped-tablespaces",
          1,
          true,
          "two tablespaces restored into other places, one through a symbolic link: nothing is written outside of them")
      .breaking(
          "the server, with two tablespaces, is stopped hard; it is restored beside its old files, "
              + "one tablespace into a new folder and one through a symbolic link that was there before")
      .expecting(
          "without a mapping it is refused within 5 s, naming a tablespace and the property",
          "refusal")
      .expecting("before anything is written", "nothing-written")
      .expecting("with it the server has its tablespaces where the mapping says", "mapped")
      .expecting("there are files in each place", "filled")
      .expecting("the old server's files are as they were", "old-places")
      .expecting("nothing is written anywhere else around", "surroundings")
      .expecting("nothing is lost")
      .measuring(Measures.NOTHING_LOST, Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      Cluster cluster = primary.cluster();
      fill(cluster);
      TableHashes hashes = primary.hashes();
      stage.backupUnderLoad(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(stage.host());
      stage.host().serverBroken();
      stage.host().stopReceiver();
      long fault = new Fault.StopServer().inject(primary).nanos();

      Places places = Places.prepare(stage);
      Refusal unmapped = Refusal.of(() -> stage
          .host()
          .recoveryEngine()
          .restore(RestoreRequest.to(stage.path("refused"))
              .owner(cluster.fileOwner())
              .build()));
      Rewind rewind = new Rewind(
          "mapped", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault);
      return List.of(
          new Observation(
                  List.of(
                      unmapped.check(
                          "refusal",
                          ErrorCode.TABLESPACE_NOT_MAPPED,
                          MissingSegment.AT_ONCE,
                          List.of("drill_", "barman.tablespaces=")),
                      MissingSegment.untouched(stage.path("refused"))),
                  List.of(unmapped.figure("refusalMillis")),
                  List.of())
              .judged(INFO, "not-mapped"),
          rewind.run(
              stage,
              INFO,
              rewind.place(stage),
              wishes -> wishes.tablespaces(places.mapping()),
              (recovery, validation) -> places.look(recovery)));
    }
  }

  private static void fill(Cluster cluster) {
    for (String name : List.of(LINKED, PLAIN)) {
      Path folder = cluster.newFolder(name);
      cluster.execute(
          Primary.DATABASE,
          "CREATE TABLESPACE " + name + " LOCATION '" + folder + "'",
          "CREATE TABLE " + LoadTable.SCHEMA + "." + name + " TABLESPACE " + name
              + " AS SELECT g AS id, md5(g::text) AS content FROM generate_series(1, 5000) g");
    }
  }

  /**
   * Where the tablespaces go, and what everything else was like before.
   *
   * @param link to {@code linked}; it is what the mapping names
   * @param old folder of the server that was stopped, with its tablespaces
   */
  private record Places(
      Stage stage,
      Path link,
      Path linked,
      Path plain,
      Path old,
      TreeFingerprint oldBefore,
      TreeFingerprint aroundBefore) {

    static Places prepare(Stage stage) {
      Path linked = stage.newFolder("linked");
      Path link = stage.path("link");
      Path old = stage.primary().cluster().socketFolder();
      try {
        Files.createSymbolicLink(link, linked);
        Files.writeString(stage.path("neighbour"), "untouched");
        return new Places(
            stage,
            link,
            linked,
            stage.path("plain"),
            old,
            TreeFingerprint.of(old),
            TreeFingerprint.of(stage.path("")));
      } catch (IOException e) {
        throw unreadable(e);
      }
    }

    Map<String, Path> mapping() {
      return Map.of(LINKED, link, PLAIN, plain);
    }

    Observation look(Recovery recovery) {
      Cluster server = recovery.server();
      Map<String, String> located = new TreeMap<>();
      for (String name : List.of(LINKED, PLAIN)) {
        located.put(
            name,
            String.join(
                "",
                server.query(
                    Primary.DATABASE,
                    "SELECT pg_tablespace_location(oid) FROM pg_tablespace WHERE spcname = '" + name
                        + "'")));
      }
      try {
        List<String> own = List.of(
            stage.path("").relativize(recovery.directory()).toString(),
            "linked",
            "plain",
            "repository");
        return new Observation(
            List.of(
                mapped(mapping(), located),
                filled(List.of(linked, plain)),
                untouched("old-places", TreeFingerprint.of(old).changesSince(oldBefore), List.of()),
                untouched(
                    "surroundings",
                    TreeFingerprint.of(stage.path("")).changesSince(aroundBefore),
                    own)),
            List.of(),
            List.of());
      } catch (IOException e) {
        throw unreadable(e);
      }
    }
  }

  /** That the server finds its tablespaces where the mapping says. */
  static Check mapped(Map<String, Path> mapping, Map<String, String> located) {
    Map<String, String> expected = new TreeMap<>();
    mapping.forEach((name, place) -> expected.put(name, place.toString()));
    return new Check("mapped", expected.equals(located), "the server has them at " + located);
  }

  /** That there are files in each place. */
  static Check filled(List<Path> places) throws IOException {
    List<String> empty = new ArrayList<>();
    for (Path place : places) {
      if (!Files.isDirectory(place) || TreeFingerprint.of(place).files().size() < 3) {
        empty.add(place.toString());
      }
    }
    return new Check(
        "filled", empty.isEmpty(), empty.isEmpty() ? "files in " + places : "nothing in " + empty);
  }

  /** @param own folders that a restore may write to */
  static Check untouched(String name, List<String> changes, List<String> own) {
    List<String> foreign = changes.stream()
        .filter(change -> own.stream().noneMatch(folder -> change.startsWith(folder + "/")))
        .toList();
    return new Check(
        name,
        foreign.isEmpty(),
        foreign.isEmpty() ? "nothing has changed" : "changed: " + String.join(", ", foreign));
  }

  private static BarmanException unreadable(IOException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED, "the drill's folders could not be read", "see the cause", cause);
  }
}
