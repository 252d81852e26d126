package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.wal.WalArchive;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first receiver of a server says of its new slot. */
class FirstReceiverIT {
  @TempDir
  private Path folder;

  @Test
  void saysThatASlotWasDroppedOnlyWhenThereWasOne() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start()) {
      Path repository = folder.resolve("repository");
      ServerConnection connection =
          new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
      Engine.open(EngineConfiguration.of(repository, "main", connection), EventSink.NONE)
          .backup(BackupRequest.defaults());
      WalArchive archive = Archives.archive(repository);
      assertThat(archive.segments()).as("what the backup has streamed itself").isNotEmpty();
      Path spool = folder.resolve("spool");

      try (RunningReceiver first =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        assertThat(first.infos()).contains("replication slot '" + SLOT + "' was created");
        first.stop();
        assertThat(first.warnings()).isEmpty();
      }
      cluster.execute("postgres", "SELECT pg_drop_replication_slot('" + SLOT + "')");
      try (RunningReceiver second =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        assertThat(second.warnings())
            .singleElement()
            .asString()
            .contains("was created, although log was received", "it was dropped");
        second.stop();
      }
      try (RunningReceiver third = RunningReceiver.startAndAwait(
          ReceiveSettings.of(Archives.connection(cluster), "renamed", spool), archive)) {
        assertThat(third.warnings())
            .singleElement()
            .asString()
            .isEqualTo("replication slot 'renamed' was created; log was received through '" + SLOT
                + "' before");
        third.stop();
      }
      assertThat(archive.gaps()).isEmpty();
    }
  }
}
