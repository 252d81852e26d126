package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.report.Check;
import io.github.barman4j.restore.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The log that a restore has put beside a data directory for PostgreSQL to ask for.
 *
 * @param segments in order
 */
record ReceivedLog(Path folder, List<WalSegment> segments) {
  ReceivedLog {
    segments = List.copyOf(segments);
  }

  /** By a restore that nobody starts. */
  static ReceivedLog restored(Stage stage, Backup backup) {
    Path directory = stage.path("received");
    stage
        .host()
        .recoveryEngine()
        .restore(RestoreRequest.to(directory)
            .backup(backup.id().value())
            .owner(stage.primary().cluster().fileOwner())
            .build());
    return of(directory, backup.segmentSize());
  }

  /** That the log since a backup is whole, and byte for byte the server's own before {@code end}; the server still has all of it. */
  static List<Check> checks(Stage stage, Backup backup, Lsn end) {
    ReceivedLog log = restored(stage, backup);
    return checks(
        log.differences(stage.primary().cluster().dataDirectory().resolve("pg_wal"), end),
        log.holes(backup.firstSegment()),
        stage.host().check());
  }

  /** @param health of the archive, after all of it has come */
  static List<Check> checks(List<String> differences, List<String> holes, CheckReport health) {
    List<String> problems = health.failed().stream()
        .filter(item -> List.of("wal", "quarantine").contains(item.name()))
        .map(CheckItem::found)
        .toList();
    return List.of(
        check("same-bytes", differences, "every segment is the server's own"),
        check("no-hole", holes, "the log is contiguous"),
        check("no-duplicate", problems, "nothing came twice with other content"));
  }

  private static Check check(String name, List<String> problems, String fine) {
    return new Check(
        name, problems.isEmpty(), problems.isEmpty() ? fine : String.join("; ", problems));
  }

  /** @param restored a data directory that was not started on */
  static ReceivedLog of(Path restored, WalSegmentSize size) {
    Path folder = restored.resolve("barman_wal").resolve("wal");
    try (Stream<Path> files = Files.list(folder)) {
      return new ReceivedLog(
          folder,
          files
              .map(file -> String.valueOf(file.getFileName()))
              .filter(WalSegment::isName)
              .map(name -> WalSegment.parse(name, size))
              .sorted()
              .toList());
    } catch (IOException e) {
      throw unreadable(folder, e);
    }
  }

  /**
   * Compares every byte before {@code end} with the server's own.
   *
   * @param own the server's {@code pg_wal}
   * @return a sentence for each segment that differs
   */
  List<String> differences(Path own, Lsn end) {
    List<String> differences = new ArrayList<>();
    for (WalSegment segment : segments) {
      try {
        int length =
            (int) Math.max(0, Math.min(segment.size().bytes(), end.minus(segment.start())));
        int at = Arrays.mismatch(
            Files.readAllBytes(folder.resolve(segment.name())),
            0,
            length,
            Files.readAllBytes(own.resolve(segment.name())),
            0,
            length);
        if (at >= 0) {
          differences.add("segment " + segment.name() + " differs from byte " + at + " on");
        }
      } catch (IOException e) {
        throw unreadable(folder, e);
      }
    }
    if (segments.isEmpty() || segments.get(segments.size() - 1).end().isBefore(end)) {
      differences.add("the log ends before " + end);
    }
    return differences;
  }

  /** @return a sentence for each segment from {@code first} on that is missing before one that is there */
  List<String> holes(WalSegment first) {
    List<String> holes = new ArrayList<>();
    WalSegment expected = first;
    for (WalSegment segment : segments) {
      if (!segment.equals(expected)) {
        holes.add(segment.name() + " comes where " + expected.name() + " was to follow");
      }
      expected = segment.next();
    }
    return holes;
  }

  private static BarmanException unreadable(Path folder, IOException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the log in " + folder + " could not be compared: " + cause,
        "see the cause",
        cause);
  }
}
