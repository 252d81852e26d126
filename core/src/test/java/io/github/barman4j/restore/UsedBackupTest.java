package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is being restored is announced as being read, so that nobody deletes it. */
class UsedBackupTest {
  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private RestoreRequest request;
  private RestorePlan plan;

  @BeforeEach
  void backUp() throws IOException {
    cluster.archive(folder, "000000010000000000000009").backUp();
    request = RestoreRequest.to(folder.resolve("data"))
        .owner(System.getProperty("user.name"))
        .build();
    plan = cluster.planner(folder.resolve("spool")).plan(request);
  }

  private boolean isUsed() {
    return !cluster.repository.users(StoredCluster.BACKUP.value()).isEmpty();
  }

  @Test
  void isUsedUntilTheRestoreIsClosed() {
    RunningRestore running = cluster.restorer().start(plan, request);

    assertThat(isUsed()).isTrue();
    running.join();
    assertThat(isUsed()).isTrue();
    running.close();
    assertThat(isUsed()).isFalse();
  }

  @Test
  void isNotUsedAnyMoreAfterAFailure() throws IOException {
    Files.createDirectories(folder.resolve("data/something"));

    assertThatThrownBy(() -> cluster.restorer().execute(plan, request))
        .isInstanceOf(BarmanException.class);

    assertThat(isUsed()).isFalse();
  }
}
