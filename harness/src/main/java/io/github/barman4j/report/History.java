package io.github.barman4j.report;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file with the figures of earlier drills: one line of JSON for each run of a scenario, in the order in which they ended.
 *
 * <p>A drill appends its lines in one piece, under a lock of the operating system, and forces them to the disk. One that dies meanwhile
 * leaves whole lines and at most one that is cut off at the file's end: that one never counted, reading says so, and the next drill
 * writes over it. Any other line that cannot be read is an error.
 */
public final class History {
  private static final int SHOWN = 30;

  private final Path file;
  private final List<HistoryEntry> entries;

  private History(Path file, List<HistoryEntry> entries) {
    this.file = file;
    this.entries = List.copyOf(entries);
  }

  /**
   * Reads a file, and makes sure that its folder is there.
   *
   * @param file need not exist yet
   * @param sink is told of a line that was cut off
   * @throws BarmanException with code DRILL_HISTORY when a line is damaged, IO when the file cannot be read
   */
  public static History read(Path file, EventSink sink) {
    try {
      Files.createDirectories(parentOf(file));
      if (!Files.exists(file)) {
        return new History(file, List.of());
      }
      Content content = Content.of(file, Files.readAllBytes(file));
      if (content.cutOff()) {
        sink.warn(
            "line " + (content.entries().size() + 1) + " of the drill's history " + file
                + " was cut off when the drill that wrote it died; it does not count",
            "nothing is to be done: the next drill writes over it");
      }
      return new History(file, content.entries());
    } catch (IOException e) {
      throw failed(file, "read", e);
    }
  }

  /** The newest runs, 30 at most, whose figures compare with these of a result; the oldest comes first. */
  public List<HistoryEntry> comparable(
      DrillReport.Environment environment, Load load, ScenarioResult result) {
    List<HistoryEntry> found = entries.stream()
        .filter(entry -> entry.isComparable(environment, load, result))
        .toList();
    return found.subList(Math.max(0, found.size() - SHOWN), found.size());
  }

  /**
   * Adds what a drill has found; scenarios that were skipped leave no line. Another drill may have added to the file meanwhile.
   *
   * @throws BarmanException with code DRILL_HISTORY when a line is damaged, IO when the file cannot be written; nothing was added then
   */
  public void append(DrillReport report) {
    String lines = report.scenarios().stream()
        .filter(result -> result.verdict() != Verdict.SKIPPED)
        .map(result -> HistoryLine.of(HistoryEntry.of(report, result)) + "\n")
        .collect(Collectors.joining());
    try {
      boolean created = !Files.exists(file);
      try (FileChannel channel = FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        append(channel, lines);
      }
      if (created) {
        DurableFile.syncDirectory(parentOf(file));
      }
    } catch (IOException | OverlappingFileLockException e) {
      throw failed(file, "written", e);
    }
  }

  private void append(FileChannel channel, String lines) throws IOException {
    ByteBuffer before = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (before.hasRemaining()) {
      if (channel.read(before) < 0) {
        throw new IOException("the file became shorter while it was read");
      }
    }
    Content content = Content.of(file, before.array());
    String separator = content.endsInLine() ? "" : "\n";
    ByteBuffer bytes = ByteBuffer.wrap((separator + lines).getBytes(StandardCharsets.UTF_8));
    boolean added = false;
    try {
      channel.truncate(content.wholeBytes());
      channel.position(content.wholeBytes());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      DurableFile.sync(channel, file);
      added = true;
    } finally {
      if (!added) {
        channel.truncate(content.wholeBytes());
      }
    }
  }

  /**
   * What a file says.
   *
   * @param wholeBytes of the lines that count
   * @param endsInLine whether these end in a line's end, as an empty file does
   * @param cutOff whether something follows that does not count
   */
  private record Content(
      List<HistoryEntry> entries, int wholeBytes, boolean endsInLine, boolean cutOff) {
    static Content of(Path file, byte[] bytes) {
      List<HistoryEntry> entries = new ArrayList<>();
      int start = 0;
      for (int i = 0; i < bytes.length; i++) {
        if (bytes[i] == '\n') {
          try {
            entries.add(entry(bytes, start, i));
          } catch (HistoryLine.Damage e) {
            throw new BarmanException(
                ErrorCode.DRILL_HISTORY,
                "line " + (entries.size() + 1) + " of the drill's history " + file + " is damaged: "
                    + e.getMessage(),
                "take the file from a backup, or delete that line; without it the trend has one"
                    + " run less",
                e);
          }
          start = i + 1;
        }
      }
      if (start == bytes.length) {
        return new Content(entries, start, true, false);
      }
      try {
        entries.add(entry(bytes, start, bytes.length));
        return new Content(entries, bytes.length, false, false);
      } catch (HistoryLine.Damage e) {
        return new Content(entries, start, true, true);
      }
    }

    private static HistoryEntry entry(byte[] bytes, int from, int to) throws HistoryLine.Damage {
      try {
        return HistoryLine.parse(StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(bytes, from, to - from))
            .toString());
      } catch (CharacterCodingException e) {
        throw new HistoryLine.Damage("it is not UTF-8");
      }
    }
  }

  private static Path parentOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          file + " cannot be a drill's history",
          "name a file as barman.drill.history");
    }
    return parent;
  }

  private static BarmanException failed(Path file, String what, Exception cause) {
    return new BarmanException(
        ErrorCode.IO,
        "the drill's history " + file + " could not be " + what,
        "name a file that can be read and written as barman.drill.history",
        cause);
  }
}
