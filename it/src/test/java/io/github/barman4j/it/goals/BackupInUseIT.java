package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.it.TestPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The restore drill of a repository at which others work meanwhile, and hold their locks. */
@Timeout(120)
class BackupInUseIT {
  private static final long SLOW_BYTES_PER_SECOND = 256 << 10;

  @TempDir
  private Path folder;

  @Test
  void isDrilledBesideARunningBackupAndReceiverWhichGoOn() throws Exception {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.oldest()).start()) {
      Engine engine = Production.engine(folder.resolve("repository"), server, "");
      try (RunningReceiver receiver =
          engine.startReceiver(new ReceiveRequest("barman", true, false))) {
        server.execute("postgres", "CREATE TABLE written (id serial)");
        engine.backup(BackupRequest.defaults());
        Throwable[] failure = new Throwable[1];
        Thread backup = new Thread(() -> failure[0] = catchThrowable(
            () -> engine.backup(BackupRequest.defaults().limitedTo(SLOW_BYTES_PER_SECOND))));
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
          while (!done.get()) {
            server.execute(
                "postgres", "INSERT INTO written DEFAULT VALUES", "SELECT pg_switch_wal()");
          }
        });
        backup.start();
        writer.start();
        try {
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> engine
                  .status("barman")
                  .archive()
                  .flatMap(status -> status.backupRunning())
                  .isPresent());
          CalledGoals.in(folder)
              .run("drill", "barman.drill.postgresBin=" + TestPostgres.oldest().bin());
          assertThat(backup.isAlive()).as("the backup goes on").isTrue();
          assertThat(receiver.isStreaming()).as("so does the receiver").isTrue();
        } finally {
          done.set(true);
          writer.join();
          backup.interrupt();
          backup.join();
        }
        assertThat(failure[0]).hasMessageStartingWith("BRM-").hasMessageContaining("interrupted");

        ReportedDrill reported = new ReportedDrill(folder);
        assertThat(reported.result().get("verdict").asText()).isEqualTo("passed");
        assertThat(reported.check("repository"))
            .contains(
                "files and folders have changed, at which others work: a backup, ",
                "; a receiver, ");
      }
      // What was interrupted left nothing behind that the next one stumbles over.
      engine.backup(BackupRequest.defaults());
    }
  }
}
