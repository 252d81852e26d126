package io.github.barman4j.it.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.receive.SwallowingProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A backup that waits for the server's checkpoint, on whose connection nothing may come for an hour. */
@Timeout(120)
class LostCheckpointIT {
  private static final String WAITING = "select pid from pg_stat_activity"
      + " where backend_type = 'walsender' and wait_event = 'CheckpointDone'";

  @TempDir
  private Path folder;

  @Test
  void isWaitedForWhileTheServerIsThereAndNoLonger() throws Exception {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.oldest())
            .setting("checkpoint_timeout", "1h")
            .start();
        SwallowingProxy proxy = new SwallowingProxy(server.port())) {
      server.execute(
          "postgres",
          "create table filled as select repeat('x', 700) from generate_series(1, 20000)");
      String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres?socketTimeout=2";
      Engine engine = Engine.open(
          EngineConfiguration.of(
              folder.resolve("repository"),
              "main",
              new ServerConnection(url, server.user(), server.password())),
          event -> {});
      CompletableFuture<Throwable> backup = CompletableFuture.supplyAsync(() ->
          catchThrowable(() -> engine.backup(BackupRequest.defaults().afterSpreadCheckpoint())));
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> waiting(server).size() == 1);

      Set<String> questions = new HashSet<>();
      Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
        questions.addAll(server.query(
            "postgres",
            "select query_start::text from pg_stat_activity where query like '%from pg_stat_activity where pid = $1%'"
                + " and pid <> pg_backend_pid()"));
        return questions.size() >= 3;
      });
      assertThat(backup).as("the server is busy, not gone").isNotDone();
      assertThat(waiting(server)).hasSize(1);

      proxy.swallow();
      Throwable end = backup.get(30, TimeUnit.SECONDS);
      assertThat(end)
          .isInstanceOfSatisfying(
              BarmanException.class,
              failure -> assertThat(failure.code()).isEqualTo(ErrorCode.SERVER_SILENT));
      assertThat(engine.backups()).isEmpty();
    }
  }

  private static List<String> waiting(EmbeddedCluster server) {
    return server.query("postgres", WAITING);
  }
}
