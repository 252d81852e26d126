package io.github.barman4j.it.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RestoreRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A receiver into an encrypted repository, synchronous, stopped within a segment and started again. */
class SealedSpoolIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "diagnosis: nobody may read this";

  @TempDir
  Path repository;

  @Test
  void bringsBackEveryAcknowledgedCommitAndLeavesNothingPlain() throws IOException {
    try (EmbeddedCluster cluster = Archives.server(TestPostgres.newest()).start()) {
      Engine engine = engine(cluster);
      cluster.execute("postgres", "CREATE TABLE t (i int, what text)");
      for (int run = 0; run < 3; run++) {
        try (RunningReceiver receiver = engine.startReceiver(ReceiveRequest.defaults())) {
          await().atMost(PATIENCE).until(receiver::isStreaming);
          if (run == 0) {
            engine.backup(BackupRequest.defaults());
            Archives.makeSynchronous(cluster, receiver.applicationName());
          }
          cluster.execute(
              "postgres",
              Collections.nCopies(50, "INSERT INTO t VALUES (1, '" + SECRET + "')")
                  .toArray(String[]::new));
          Lsn end = Archives.lsn(cluster, "pg_current_wal_flush_lsn()");
          await().atMost(PATIENCE).until(() -> !receiver.flushed().isBefore(end));
          if (run == 1) {
            cluster.execute("postgres", "SELECT pg_switch_wal()");
          }
        }
      }
      cluster.kill();
      assertThat(repository.resolve("main/wal/partial")).isNotEmptyDirectory();
      assertNothingPlain();

      RestoreRequest request = RestoreRequest.to(cluster.newFolder("restored"))
          .owner(cluster.fileOwner())
          .build();
      engine.restore(request);
      try (EmbeddedCluster restored = EmbeddedCluster.builder(TestPostgres.newest())
          .existing(request.directory())
          .password(cluster.password())
          .start()) {
        assertThat(restored.query("postgres", "SELECT count(*) FROM t")).containsExactly("150");
      }
    }
  }

  private Engine engine(EmbeddedCluster cluster) {
    return Engine.open(
        EngineConfiguration.of(
                repository,
                "main",
                new ServerConnection(
                    cluster.jdbcUrl("postgres"), cluster.user(), cluster.password()))
            .withPassphrase(Secret.of("correct horse battery staple")),
        EventSink.NONE);
  }

  private void assertNothingPlain() throws IOException {
    try (Stream<Path> files = Files.walk(repository)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain(SECRET);
      }
    }
  }
}
