package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.crash.DiskTrials.Harm;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls whose failure {@link DiskPointsIT} found not to be survived: the next run in the same process did not work, or not clean up. */
class FailedCallIT {
  @TempDir
  static Path folder;

  private static Bench bench;

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    bench = Bench.start(TestPostgres.oldest(), folder);
  }

  @AfterAll
  static void stopServer() {
    bench.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The lock stayed taken by nobody.
        "LOCK 2 repository/main/locks/.lease-backup",
        // The file that had no header yet stayed, unfinished.
        "WRITE 1 repository/main/packs/XX/.tmp-UUID",
        "WRITE 1 repository/main/manifests/.tmp-UUID",
      })
  void theNextBackupWorksAndIsClean(String step) {
    Outcome outcome =
        new DiskTrials(bench).harm(Operation.BACKUP, Step.parse(step), Harm.IO_ERROR, 1);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.reached()).isTrue();
  }

  /**
   * A spool's directory is forced when the next segment is made, becomes the one that is received, is whole, and is removed. After the
   * removal the archiver asked for ever for the file that was gone; after the end of a segment it never learned of it.
   */
  @ParameterizedTest
  @ValueSource(ints = {9, 10, 11, 12})
  void theReceiverGoesOnArchiving(int force) {
    Step step = Step.parse("FORCE_DIRECTORY " + force + " spool");
    Outcome outcome = new DiskTrials(bench).harm(Operation.RECEIVE, step, Harm.IO_ERROR, 1);
    assertThat(outcome.failure()).isNull();
    assertThat(outcome.reached()).isTrue();
  }
}
