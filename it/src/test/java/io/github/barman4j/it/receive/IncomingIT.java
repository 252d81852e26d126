package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SEGMENT_SIZE;
import static io.github.barman4j.it.receive.Archives.settings;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.ArchiveReport;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive_command that the documentation gives, on a server that uses it. */
class IncomingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String DOCUMENTED_DIRECTORY = "/srv/incoming";

  @TempDir
  Path folder;

  @Test
  void archivesWhatTheDocumentedCommandPutsDownAndWhatAReceiverHasAlready()
      throws IOException, SQLException {
    Path repository = folder.resolve("repository");
    WalArchive archive = Archives.archive(repository);
    Engine engine = Engine.open(EngineConfiguration.of(repository, "main", null), EventSink.NONE);
    try (EmbeddedCluster cluster =
            Archives.server(TestPostgres.newest()).setting("archive_mode", "on").start();
        Commits commits = Commits.in(cluster, folder)) {
      Path incoming = cluster.newFolder("incoming");
      cluster.execute(
          "postgres",
          "ALTER SYSTEM SET archive_command = '"
              + documentedCommand()
                  .replace(DOCUMENTED_DIRECTORY, incoming.toString())
                  .replace("'", "''")
              + "'",
          "SELECT pg_reload_conf()");
      for (int i = 0; i < 2; i++) {
        commits.run(50);
        awaitArchived(cluster, value(cluster, "SELECT pg_walfile_name(pg_switch_wal())"));
      }

      ArchiveReport report = engine.archiveIncoming(incoming);

      assertThat(report.passed()).isTrue();
      assertThat(report.archived()).hasSizeGreaterThanOrEqualTo(2);
      assertThat(report.ignored()).isEmpty();
      assertThat(incoming).isEmptyDirectory();
      Archives.assertEqualToServer(archive, folder.resolve("none"), cluster, folder);

      Path spool = folder.resolve("spool");
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        commits.run(50);
        String both = value(cluster, "SELECT pg_walfile_name(pg_switch_wal())");
        awaitArchived(cluster, both);
        await()
            .atMost(PATIENCE)
            .until(() -> archive.contains(WalSegment.parse(both, SEGMENT_SIZE)));
        assertThat(engine.archiveIncoming(incoming).present()).contains(both);
        running.stop();
      }
      assertThat(incoming).isEmptyDirectory();
      commits.assertAllReceived(archive, spool);
      Archives.assertEqualToServer(archive, spool, cluster, folder);
    }
  }

  private static void awaitArchived(EmbeddedCluster cluster, String segment) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            value(cluster, "SELECT last_archived_wal FROM pg_stat_archiver").compareTo(segment)
                >= 0);
    assertThat(value(cluster, "SELECT failed_count FROM pg_stat_archiver")).isEqualTo("0");
  }

  private static String documentedCommand() throws IOException {
    List<String> lines = Files.readAllLines(Path.of("../src-site/markdown/wal.md")).stream()
        .filter(line -> line.startsWith("archive_command = "))
        .toList();
    assertThat(lines).hasSize(1);
    String value = lines.get(0).substring("archive_command = ".length());
    assertThat(value).startsWith("'").endsWith("'").contains(DOCUMENTED_DIRECTORY);
    return value.substring(1, value.length() - 1);
  }
}
