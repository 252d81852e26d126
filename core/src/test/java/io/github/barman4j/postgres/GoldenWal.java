package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * What real servers wrote, and what they said of it. Made anew by {@code WalReaderIT} of the module {@code it}, as its {@code
 * GoldenFiles} explains.
 */
final class GoldenWal {
  static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);

  private final Path folder;

  private GoldenWal(Path folder) {
    this.folder = folder;
  }

  static IntStream majors() {
    return IntStream.rangeClosed(15, 18);
  }

  static GoldenWal of(int major) {
    URL url = GoldenWal.class.getResource(Integer.toString(major));
    assertThat(url).as("golden files of PostgreSQL %s", major).isNotNull();
    try {
      return new GoldenWal(Path.of(url.toURI()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The segments of a timeline in order. */
  List<WalSegment> segments(int timeline) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("\\.gz$", ""))
          .filter(WalSegment::isName)
          .map(name -> WalSegment.parse(name, SEGMENT_SIZE))
          .filter(segment -> segment.timeline().id() == timeline)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The content of segments, one after the other. */
  byte[] bytes(List<WalSegment> segments) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    segments.forEach(segment -> bytes.writeBytes(read(segment.name())));
    return bytes.toByteArray();
  }

  byte[] bytes(WalSegment segment) {
    return read(segment.name());
  }

  /** What the server said of the records of a timeline's segments, one a line. */
  List<String> told(int timeline) {
    return new String(read("timeline" + timeline + ".txt"), StandardCharsets.UTF_8)
        .lines()
        .toList();
  }

  byte[] controlFile() {
    return read("pg_control");
  }

  /** What the server said of its control file. */
  Map<String, String> controlData() {
    Map<String, String> data = new TreeMap<>();
    text("pg_control.txt")
        .lines()
        .forEach(line -> data.put(line.replaceFirst("=.*", ""), line.replaceFirst("^[^=]*=", "")));
    // Since 19 with zeros in front.
    data.replaceAll((name, value) -> name.endsWith("_lsn") ? Lsn.parse(value).toString() : value);
    return data;
  }

  String text(String name) {
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] read(String name) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(folder.resolve(name + ".gz")))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Lsn start(String line) {
    return Lsn.parse(line.split(" ")[0]);
  }

  static Lsn end(String line) {
    return Lsn.parse(line.split(" ")[1]);
  }

  /** A record in the notation of {@link #told}. */
  static String line(WalRecord record) {
    List<Object> parts = new ArrayList<>(List.of(record.start(), record.end(), record.xid()));
    if (record instanceof WalRecord.TransactionEnd end) {
      parts.addAll(List.of(kind(end), end.time(), end.subxids()));
    } else if (record instanceof WalRecord.Prepare prepare) {
      parts.addAll(List.of("PREPARE", prepare.gid(), prepare.time(), prepare.subxids()));
    } else if (record instanceof WalRecord.RestorePoint point) {
      parts.addAll(List.of("RESTORE_POINT", point.name()));
    } else if (record instanceof WalRecord.EndOfRecovery recovery) {
      parts.addAll(
          List.of("END_OF_RECOVERY", recovery.timeline(), recovery.previous(), recovery.time()));
    } else if (record instanceof WalRecord.Checkpoint checkpoint) {
      String kind = checkpoint.shutdown() ? "CHECKPOINT_SHUTDOWN" : "CHECKPOINT_ONLINE";
      parts.addAll(List.of(kind, checkpoint.redo(), checkpoint.timeline(), checkpoint.previous()));
    } else if (record instanceof WalRecord.SegmentSwitch) {
      parts.add("SWITCH");
    } else if (record instanceof WalRecord.BackupEnd backup) {
      parts.addAll(List.of("BACKUP_END", backup.backupStart()));
    } else if (record instanceof WalRecord.Other other) {
      parts.add(MANAGERS.get(other.resourceManager()));
    }
    return String.join(" ", parts.stream().map(Object::toString).toList());
  }

  private static String kind(WalRecord.TransactionEnd end) {
    boolean prepared =
        end instanceof WalRecord.CommitPrepared || end instanceof WalRecord.AbortPrepared;
    return (end.committed() ? "COMMIT" : "ABORT") + (prepared ? "_PREPARED" : "");
  }

  /** In the order of their numbers (rmgrlist.h, 15–18). */
  private static final List<String> MANAGERS = List.of(
      "XLOG",
      "Transaction",
      "Storage",
      "CLOG",
      "Database",
      "Tablespace",
      "MultiXact",
      "RelMap",
      "Standby",
      "Heap2",
      "Heap",
      "Btree",
      "Hash",
      "Gin",
      "Gist",
      "Sequence",
      "SPGist",
      "BRIN",
      "CommitTs",
      "ReplicationOrigin",
      "Generic",
      "LogicalMessage");
}
