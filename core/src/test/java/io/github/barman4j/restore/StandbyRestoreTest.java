package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandbyRestoreTest {
  @TempDir
  private Path folder;

  private final StoredCluster cluster = new StoredCluster();
  private Path directory;

  @BeforeEach
  void archiveTheLog() throws IOException {
    directory = folder.resolve("data");
    cluster.archive(folder, "000000010000000000000009").backUp();
  }

  private RestoreResult restore(RestoreRequest.Builder request) {
    RestoreRequest built = request.owner(System.getProperty("user.name")).build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(built);
    return cluster.restorer().execute(plan, built);
  }

  @Test
  void followsThePrimaryThatIsNamed() throws IOException {
    RestoreResult result = restore(RestoreRequest.to(directory)
        .standby(true)
        .primaryConninfo("host=db user='replicator' passfile=/etc/pgpass"));

    assertThat(directory.resolve("standby.signal")).isEmptyFile();
    assertThat(directory.resolve("recovery.signal")).doesNotExist();
    assertThat(directory.resolve("postgresql.auto.conf"))
        .content(UTF_8)
        .contains(
            "primary_conninfo = 'host=db user=''replicator'' passfile=/etc/pgpass'",
            "recovery_target_timeline = 'latest'",
            "hot_standby = 'on'",
            "primary_slot_name = ''",
            "archive_mode = 'off'");
    assertThat(result.nextSteps())
        .anyMatch(step -> step.contains("streaming"))
        .anyMatch(step -> step.contains("pg_promote()"));
  }

  @Test
  void hasNoPrimaryWhenNoneIsNamed() throws IOException {
    RestoreResult result = restore(RestoreRequest.to(directory).standby(true));

    assertThat(directory.resolve("standby.signal")).isEmptyFile();
    assertThat(directory.resolve("postgresql.auto.conf"))
        .content(UTF_8)
        .contains("primary_conninfo = ''");
    assertThat(result.nextSteps()).anyMatch(step -> step.contains("set primary_conninfo"));
  }
}
