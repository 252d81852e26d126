package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A slot that comes between the look for it and its creation, as the server finishes what a killed receiver has asked for. A random moment
 * of {@link KillPointsIT} found that; here two receivers begin at once.
 */
class NewSlotIT {
  private static final int ATTEMPTS = 5;

  @TempDir
  Path folder;

  @Test
  void usesASlotThatHasJustBeenMade() throws IOException {
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder(TestPostgres.newest()).start()) {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        List<RunningReceiver> receivers = new ArrayList<>();
        try {
          for (String host : List.of("one", "other")) {
            receivers.add(start(cluster, Files.createDirectory(folder.resolve(host + attempt))));
          }
          await().until(() -> receivers.stream().anyMatch(RunningReceiver::isStreaming));
          // The other one waits for the slot; a failure is thrown here.
          assertThat(receivers)
              .allSatisfy(receiver -> assertThat(receiver.isRunning()).isTrue());
        } finally {
          receivers.forEach(RunningReceiver::close);
        }
        await()
            .ignoreExceptions()
            .until(() -> cluster
                    .query(
                        "postgres", "SELECT pg_drop_replication_slot('" + Bench.SLOT + "')::text")
                    .size()
                == 1);
      }
    }
  }

  private static RunningReceiver start(EmbeddedCluster cluster, Path root) {
    ServerConnection connection =
        new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
    return Engine.open(Place.of(root, null).configuration(connection), event -> {})
        .startReceiver(new ReceiveRequest(Bench.SLOT, true, false));
  }
}
