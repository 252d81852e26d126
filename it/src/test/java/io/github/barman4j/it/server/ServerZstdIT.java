package io.github.barman4j.it.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.server.PostgresServer;
import io.github.barman4j.server.StreamPageSource;
import io.github.barman4j.server.StreamSettings;
import io.github.barman4j.server.WireCompression;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;

/** Embedded servers are built without Zstandard, a distribution's are not; this runs where there is one of Debian's. */
@EnabledIf("isInstalled")
@Timeout(120)
class ServerZstdIT {
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql/15");

  static boolean isInstalled() {
    return Files.isExecutable(INSTALLED.resolve("bin/postgres"));
  }

  @Test
  void readsWhatTheServerCompressesWithZstd() throws IOException {
    Path folder = Files.createTempDirectory("copy");
    try (EmbeddedCluster cluster =
        EmbeddedCluster.builder(PostgresBinaries.fromDirectory(INSTALLED)).start()) {
      ConnectionSettings settings =
          ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
      try (PostgresServer server = PostgresServer.connect(settings)) {
        assertThat(server.facts().wireCompressions()).contains(WireCompression.ZSTD);
      }
      FolderVisitor visitor = new FolderVisitor(folder, folder);
      try (StreamPageSource source = new StreamPageSource(
          ReplicationConnection.open(settings, "test", Duration.ofSeconds(10)),
          new StreamSettings("zstd", true, WireCompression.ZSTD, 0),
          event -> assertThat(event).as("no fall-back").isNull(),
          () -> {})) {
        assertThat(source.start().compression()).isEqualTo("zstd");
        source.read(visitor);
      }
      Map<String, String> expected = ServerManifest.read(folder.resolve("backup_manifest"));
      assertThat(expected).hasSize(visitor.files.size() - 1);
      for (Map.Entry<String, String> file : expected.entrySet()) {
        assertThat(ServerManifest.of(folder.resolve(file.getKey()))).isEqualTo(file.getValue());
      }
    } finally {
      RunFolder.delete(folder);
    }
  }
}
