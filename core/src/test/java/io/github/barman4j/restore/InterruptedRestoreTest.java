package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.postgres.ControlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that breaks off at each of its durable steps, as one whose machine goes down. */
class InterruptedRestoreTest {
  private static final int EVERY = 3;

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();

  @AfterEach
  void letGo() {
    StoppingObserver.watch(Path.of("/nowhere"), Integer.MAX_VALUE);
  }

  @Test
  void leavesNothingThatLooksWholeWhereverItBreaksOff() throws IOException {
    cluster.files.keySet().removeIf(path -> path.matches("base/1/160(0[3-9]|1.|20)"));
    cluster
        .archive(folder, "000000010000000000000009", "00000001000000000000000A")
        .backUp();

    int step = 0;
    boolean whole = false;
    for (; !whole; step += EVERY) {
      Path directory = folder.resolve("restored-" + step);
      StoppingObserver.watch(directory, step);
      whole = restore(directory);
      assertThat(Files.exists(directory.resolve(ControlFile.PATH)))
          .as("pg_control after %d steps", step)
          .isEqualTo(whole || onlyTheMarkIsLeft(directory));
      if (!whole && Files.exists(directory)) {
        assertThatThrownBy(
                () -> cluster.restorer().execute(plan(request(directory)), request(directory)))
            .as("another restore after %d steps", step)
            .hasMessageContaining(Files.list(directory).findAny().isEmpty() ? "" : "BRM-605");
      }
    }
    assertThat(step).as("durable steps").isGreaterThan(60);
  }

  /** All is in place but the last: then the directory is good, although the restore failed. */
  private boolean onlyTheMarkIsLeft(Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : cluster.files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      boolean same = Files.exists(path) && Arrays.equals(Files.readAllBytes(path), file.getValue());
      if (!same && file.getKey().matches("base/.*|global/.*|PG_VERSION")) {
        return false;
      }
    }
    return Files.exists(directory.resolve("barman_wal/complete"))
        && Files.exists(directory.resolve("recovery.signal"));
  }

  private boolean restore(Path directory) {
    try {
      cluster.restorer().execute(plan(request(directory)), request(directory));
      return true;
    } catch (StoppingObserver.Stopped e) {
      return false;
    }
  }

  private RestorePlan plan(RestoreRequest request) {
    return cluster.planner(folder.resolve("spool")).plan(request);
  }

  private static RestoreRequest request(Path directory) {
    return RestoreRequest.to(directory).owner(System.getProperty("user.name")).build();
  }
}
