package io.github.barman4j.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalStop;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares what the engine reads in the log and the control file of real servers with what those servers say of them.
 *
 * <p>With {@code -Dbarman.it.golden=<folder>} it also writes the golden files of the engine's unit tests there; see {@link
 * GoldenFiles}.
 */
class WalReaderIT {
  static IntStream majors() {
    return TestPostgres.majors();
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("majors")
  void readsWhatTheServerWrote(int major) throws IOException, SQLException {
    try (EmbeddedCluster cluster = WalWorkload.start(TestPostgres.major(major))) {
      GoldenFiles golden = GoldenFiles.of(major);
      Path wal = cluster.dataDirectory().resolve("pg_wal");
      WalWorkload.Written written;
      List<String> told;
      try (Connection connection = cluster.connect("postgres")) {
        written = new WalWorkload(connection).run();
        told = WalLine.inspect(connection, written.first().start(), written.end());
        golden.control(connection, cluster.dataDirectory().resolve(ControlFile.PATH));
      }
      List<WalSegment> segments = segments(written.first(), written.end());
      assertThat(segments).hasSizeGreaterThan(3);
      golden.wal("timeline1", wal, segments, told);
      SystemIdentifier system = system(cluster);

      List<String> read = new ArrayList<>();
      WalStop stop = read(wal, segments, system, read);

      assertThat(read).as("up to %s", stop).containsExactlyElementsOf(told);
      assertThat(stop.reason()).isEqualTo(WalStop.Reason.END_OF_DATA);
      assertThat(stop.end()).isEqualTo(written.end());
      followsItToTheNextTimeline(cluster, system, golden);
    }
  }

  private static void followsItToTheNextTimeline(
      EmbeddedCluster cluster, SystemIdentifier system, GoldenFiles golden)
      throws IOException, SQLException {
    Path wal = cluster.dataDirectory().resolve("pg_wal");
    cluster.stop(StopMode.FAST);
    ControlFile stopped =
        ControlFile.parse(Files.readAllBytes(cluster.dataDirectory().resolve(ControlFile.PATH)));
    assertThat(stopped.state()).isEqualTo(ControlFile.State.SHUT_DOWN);
    Files.createFile(cluster.dataDirectory().resolve("standby.signal"));
    cluster.launch();
    cluster.awaitReadOnly();
    cluster.execute(
        "postgres",
        "SELECT pg_promote()",
        "INSERT INTO kept VALUES (100)",
        "CHECKPOINT",
        "SELECT pg_switch_wal()");

    Timeline timeline = new Timeline(2);
    TimelineHistory history =
        TimelineHistory.parse(timeline, Files.readString(wal.resolve("00000002.history")));
    Lsn fork = history.endOf(Timeline.FIRST).orElseThrow();
    WalSegment segment = WalSegment.containing(timeline, fork, WalWorkload.SEGMENT_SIZE);
    List<String> told;
    try (Connection connection = cluster.connect("postgres")) {
      told = WalLine.inspect(connection, segment.start(), segment.end());
    }
    golden.wal("timeline2", wal, List.of(segment), told);
    golden.copy(wal.resolve(history.fileName()));
    List<String> read = new ArrayList<>();
    read(wal, List.of(segment), system, read);
    assertThat(read)
        .containsExactlyElementsOf(told)
        .anyMatch(line -> line.contains(" END_OF_RECOVERY 2 1 "))
        .anyMatch(line -> line.startsWith(fork.toString()));
  }

  private static WalStop read(
      Path wal, List<WalSegment> segments, SystemIdentifier system, List<String> lines)
      throws IOException {
    List<InputStream> files = new ArrayList<>();
    try {
      for (WalSegment segment : segments) {
        files.add(Files.newInputStream(wal.resolve(segment.name())));
      }
      WalReader reader = WalReader.open(
              new SequenceInputStream(Collections.enumeration(files)), segments.get(0))
          .expecting(system);
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        lines.add(WalLine.of(record));
      }
      return reader.stop();
    } finally {
      for (InputStream file : files) {
        file.close();
      }
    }
  }

  private static List<WalSegment> segments(WalSegment first, Lsn end) {
    List<WalSegment> segments = new ArrayList<>();
    for (WalSegment segment = first; segment.start().isBefore(end); segment = segment.next()) {
      segments.add(segment);
    }
    return segments;
  }

  private static SystemIdentifier system(EmbeddedCluster cluster) throws IOException {
    return new SystemIdentifier(
        ControlFile.parse(Files.readAllBytes(cluster.dataDirectory().resolve(ControlFile.PATH)))
            .systemIdentifier());
  }
}
