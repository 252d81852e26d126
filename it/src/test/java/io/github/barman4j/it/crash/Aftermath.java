package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Looks at what a crash has left, runs the operation again, and looks once more. */
final class Aftermath {
  private static final String CONTROL_FILE = "global/pg_control";
  private static final String MARK = "barman_restore_unfinished";
  private static final int COMMITS_AFTERWARDS = 20;

  private final Bench bench;

  Aftermath(Bench bench) {
    this.bench = bench;
  }

  /**
   * @param place where the operation ran, or what a loss of power left of it
   * @param done whether the operation had come to its end
   * @param load the clients, when there were any; they are stopped here
   */
  Outcome check(
      String what,
      Operation operation,
      Place place,
      boolean done,
      boolean reached,
      @Nullable Load load)
      throws IOException {
    Map<String, String> before = operation == Operation.RECEIVE ? Map.of() : bench.digests();
    Set<String> stay = new TreeSet<>(before.keySet());
    if (operation == Operation.DELETE) {
      stay.remove(bench.oldest());
    }
    int listed = Soundness.assertListedBackupsAreGood(place, before, stay);
    int acknowledged = 0;
    int lost = 0;
    switch (operation) {
      case BACKUP -> {
        if (done) {
          assertThat(listed)
              .as("listed after a backup that succeeded")
              .isGreaterThan(before.size());
        }
        backUpAgain(place, listed);
      }
      case RESTORE -> restoreAgain(place, done);
      case DELETE -> deleteAgain(place, done, listed);
      case RECEIVE -> {
        if (load == null) {
          throw new IllegalArgumentException("a receiver has clients");
        }
        lost = load.lost(place);
        assertThat(lost).as("acknowledged commits that are lost").isZero();
        receiveAgain(place, load);
        lost = load.lost(place);
        assertThat(lost)
            .as("acknowledged commits that are lost after the next run")
            .isZero();
        backUpAgain(place, listed);
        acknowledged = load.acknowledged();
      }
    }
    return new Outcome(what, reached, acknowledged, lost, listed, null);
  }

  private void backUpAgain(Place place, int listed) {
    Map<String, String> before = new HashMap<>();
    Soundness.listed(place)
        .forEach(backup -> before.put(backup.id().value(), Soundness.digest(place, backup)));
    bench.engine(place).backup(BackupRequest.defaults());
    assertThat(Soundness.assertListedBackupsAreGood(place, before)).isEqualTo(listed + 1);
    Soundness.assertClean(place);
  }

  private void deleteAgain(Place place, boolean done, int listed) {
    Map<String, String> remain = new HashMap<>(bench.digests());
    remain.remove(bench.oldest());
    if (listed > remain.size()) {
      assertThat(done).as("a deletion that succeeded leaves the backup").isFalse();
      Operation.DELETE.run(place, bench.connection(), event -> {}, () -> false);
      assertThat(Soundness.assertListedBackupsAreGood(place, remain)).isEqualTo(remain.size());
      Soundness.assertClean(place);
    }
    backUpAgain(place, remain.size());
  }

  private void restoreAgain(Place place, boolean done) throws IOException {
    Path directory = place.restored();
    if (Files.exists(directory.resolve(CONTROL_FILE))) {
      Map<String, String> tree = new TreeMap<>(Soundness.tree(directory));
      tree.remove(MARK);
      assertThat(tree).as("a restore that can be started").isEqualTo(bench.restored());
    } else {
      assertThat(done).as("a restore that succeeded can be started").isFalse();
    }
    try {
      run(place);
    } catch (BarmanException e) {
      assertThat(e.code()).as(e.problem()).isEqualTo(ErrorCode.RESTORE_DIRECTORY_NOT_EMPTY);
      delete(directory);
      run(place);
    }
    assertThat(Soundness.tree(directory)).as("restored").isEqualTo(bench.restored());
    assertThat(Place.files(place.repository())).noneMatch(file -> file.contains(".tmp-"));
  }

  private void run(Place place) {
    Operation.RESTORE.run(place, bench.connection(), event -> {}, () -> false);
  }

  private void receiveAgain(Place place, Load load) throws IOException {
    ReceiveRequest request = new ReceiveRequest(Bench.SLOT, true, false);
    try (RunningReceiver receiver = bench.engine(place).startReceiver(request)) {
      load.awaitMore(COMMITS_AFTERWARDS, () -> receiver.awaitEnd(Duration.ZERO));
      load.stop();
      bench.switchSegment();
      load.awaitReceived(receiver);
    }
    load.assertArchiveEqualsServer(place, bench.scratch());
    assertThat(Place.files(place.spool()))
        .as("spool")
        .allMatch(file -> file.equals("slot") || file.endsWith(".partial"));
  }

  /** Also on a disk of its own. */
  static void delete(Path tree) {
    RunFolder.delete(tree);
  }
}
