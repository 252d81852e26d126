package io.github.barman4j.it.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Archives and settings of the tests, and the comparison with what the server itself has. */
final class Archives {
  static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  static final String SLOT = "receiver";

  private Archives() {}

  /** A server with small segments that are all kept. */
  static ClusterBuilder<EmbeddedCluster> server(PostgresBinaries binaries) {
    return EmbeddedCluster.builder(binaries)
        .initdbOption("--wal-segsize=1")
        .setting("wal_keep_size", "2GB")
        .setting("max_wal_size", "4GB");
  }

  static WalArchive archive(Path repository) {
    return new WalArchive(
        Repository.openOrCreate(LocalObjectStore.at(repository), RepositoryOptions.defaults())
            .server("main"));
  }

  static ConnectionSettings connection(EmbeddedCluster cluster) {
    return ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
  }

  static ReceiveSettings settings(EmbeddedCluster cluster, Path spool) {
    return ReceiveSettings.of(connection(cluster), SLOT, spool);
  }

  static void makeSynchronous(EmbeddedCluster cluster, String names) {
    cluster.execute(
        "postgres",
        "ALTER SYSTEM SET synchronous_standby_names = '" + names + "'",
        "SELECT pg_reload_conf()");
  }

  static Lsn lsn(EmbeddedCluster cluster, String expression) {
    return Lsn.parse(value(cluster, "SELECT " + expression));
  }

  static String value(EmbeddedCluster cluster, String sql) {
    try (Connection connection = cluster.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Compares every archived segment and every one of the spool with the server's file of the same name. */
  static void assertEqualToServer(
      WalArchive archive, Path spool, EmbeddedCluster cluster, Path folder) throws IOException {
    Path pgWal = cluster.dataDirectory().resolve("pg_wal");
    List<WalSegment> segments = archive.segments();
    assertThat(segments).isNotEmpty();
    for (WalSegment segment : segments) {
      Path fetched = folder.resolve(segment.name());
      archive.fetch(segment, fetched);
      assertThat(Files.mismatch(fetched, pgWal.resolve(segment.name())))
          .as("segment %s", segment)
          .isEqualTo(-1);
      Files.delete(fetched);
    }
    for (PartialSegment partial : PartialSegment.in(spool, SEGMENT_SIZE)) {
      assertThat(partial.file()).hasSize(SEGMENT_SIZE.bytes());
    }
    assertThat(archive.coverage().gaps()).isEmpty();
    assertThat(archive.quarantined()).isEmpty();
  }
}
