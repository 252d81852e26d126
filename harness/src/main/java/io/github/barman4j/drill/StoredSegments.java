package io.github.barman4j.drill;

import io.github.barman4j.fault.Damage;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The segments of an archive as files, which a disk may lose. */
record StoredSegments(Path folder) {
  /** In order. */
  List<WalSegment> segments(WalSegmentSize size) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(WalSegment::isName)
          .map(name -> WalSegment.parse(name, size))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw Failures.unreadable(folder, e);
    }
  }

  Damage lose(WalSegment segment) {
    Path file =
        folder.resolve(segment.timeline().hex()).resolve(segment.log()).resolve(segment.name());
    try {
      byte[] content = Files.readAllBytes(file);
      Files.delete(file);
      return () -> putBack(file, content);
    } catch (IOException e) {
      throw Failures.unreadable(file, e);
    }
  }

  private static void putBack(Path file, byte[] content) {
    try {
      Files.write(file, content);
    } catch (IOException e) {
      throw Failures.unreadable(file, e);
    }
  }
}
