package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.ControlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restore that breaks off at each of its durable steps, as one whose machine goes down, and the next one into the same directory. */
class InterruptedRestoreTest {
  private static final int EVERY = 3;

  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();

  @BeforeEach
  void backUp() throws IOException {
    cluster.files.keySet().removeIf(path -> path.matches("base/1/160(0[3-9]|1.|20)"));
    cluster
        .archive(folder, "000000010000000000000009", "00000001000000000000000A")
        .backUp();
  }

  @AfterEach
  void letGo() {
    StoppingObserver.watch(Path.of("/nowhere"), Integer.MAX_VALUE);
  }

  @Test
  void goesOnWhereverItBrokeOffAndNeverLooksWholeBefore() throws IOException {
    int step = 0;
    boolean whole = false;
    for (; !whole; step += EVERY) {
      Path directory = folder.resolve("restored-" + step);
      whole = breaksOff(step, request(directory, false));
      assertThat(Files.exists(directory.resolve(ControlFile.PATH)))
          .as("pg_control after %d steps", step)
          .isEqualTo(whole || RestoredFiles.areComplete(cluster, directory));
      if (!whole) {
        assertGoesOn(step, directory, Files.exists(directory.resolve(ControlFile.PATH)));
      }
    }
    assertThat(step).as("durable steps").isGreaterThan(60);
  }

  @Test
  void neverStartsOnADirectoryThatIsHalfOverwritten() throws IOException {
    int step = 0;
    boolean whole = false;
    for (; !whole; step += 2 * EVERY) {
      Path directory = folder.resolve("overwritten-" + step);
      execute(request(directory, false));
      RestoredFiles.spoil(directory);
      byte[] before = Files.readAllBytes(directory.resolve("base/1/17000"));
      whole = breaksOff(step, request(directory, true));
      boolean startable = Files.exists(directory.resolve(ControlFile.PATH));
      boolean untouched =
          Arrays.equals(Files.readAllBytes(directory.resolve("base/1/17000")), before)
              && Files.exists(directory.resolve("base/1/stray"));
      assertThat(startable)
          .as("pg_control after %d steps", step)
          .isEqualTo(whole
              || untouched && step < EVERY + EVERY
              || RestoredFiles.areComplete(cluster, directory));
      assertGoesOn(step, directory, startable);
    }
    assertThat(step).as("durable steps").isGreaterThan(60);
  }

  private void assertGoesOn(int step, Path directory, boolean startable) throws IOException {
    boolean begun = Files.exists(directory.resolve("barman_restore_unfinished"));
    RestoreResult result = execute(request(directory, startable));
    assertThat(result.delta().map(RestoreResult.Delta::resumed).orElse(false))
        .as("resumed after %d steps", step)
        .isEqualTo(begun && !startable);
    RestoredFiles.assertEqual(cluster, directory);
    assertThat(directory.resolve("barman_restore_unfinished")).doesNotExist();
  }

  private boolean breaksOff(int step, RestoreRequest request) {
    StoppingObserver.watch(request.directory(), step);
    try {
      execute(request);
      return true;
    } catch (StoppingObserver.Stopped e) {
      return false;
    } finally {
      letGo();
    }
  }

  private RestoreResult execute(RestoreRequest request) {
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);
    return cluster.restorer().execute(plan, request);
  }

  private static RestoreRequest request(Path directory, boolean delta) {
    return RestoreRequest.to(directory)
        .owner(System.getProperty("user.name"))
        .delta(delta)
        .build();
  }
}
