package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
import static io.github.barman4j.it.receive.Archives.connection;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.WalArchive;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Segments of 1 GB, through a receiver that may use 256 MB. */
class LargestSegmentsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  @TempDir
  Path folder;

  @Test
  void areReceivedAndArchivedWithLittleMemory() throws IOException, InterruptedException {
    WalArchive archive = Archives.archive(folder.resolve("repository"));
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.newest())
            .initdbOption("--wal-segsize=1024")
            .setting("wal_init_zero", "off")
            .setting("wal_recycle", "off")
            .setting("wal_keep_size", "1GB")
            .start();
        ReceiverProcess receiver = ReceiverProcess.start(
            connection(cluster),
            SLOT,
            folder.resolve("repository"),
            folder.resolve("spool"),
            folder.resolve("receiver.log"))) {
      await()
          .atMost(PATIENCE)
          .until(() -> value(cluster, "SELECT state FROM pg_stat_replication").equals("streaming"));
      cluster.execute(
          "postgres",
          "CREATE TABLE t AS SELECT i, md5(i::text) FROM generate_series(1, 100000) i",
          "SELECT pg_switch_wal()");
      await().atMost(PATIENCE).until(() -> {
        assertThat(receiver.isAlive()).as("%s", folder.resolve("receiver.log")).isTrue();
        return !archive.segments().isEmpty();
      });
      assertThat(receiver.stop()).isZero();

      WalSegment segment = archive.segments().get(0);
      assertThat(segment.size().bytes()).isEqualTo(1 << 30);
      assertThat(archive.index(segment).whole()).isTrue();
      assertSame(archive, segment, cluster.dataDirectory().resolve("pg_wal"));
    }
  }

  private static void assertSame(WalArchive archive, WalSegment segment, Path directory)
      throws IOException {
    try (InputStream stored = archive.open(segment);
        InputStream written =
            new BufferedInputStream(Files.newInputStream(directory.resolve(segment.name())))) {
      for (int at = 0; at < segment.size().bytes(); at += 1 << 20) {
        assertThat(Arrays.equals(stored.readNBytes(1 << 20), written.readNBytes(1 << 20)))
            .as("the megabyte at %d", at)
            .isTrue();
      }
      assertThat(stored.read()).isNegative();
    }
  }
}
