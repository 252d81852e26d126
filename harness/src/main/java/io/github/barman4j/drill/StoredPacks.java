package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.fault.Damage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** The packs of a repository as files, where a disk may damage them. */
record StoredPacks(Path folder) {
  /** In the middle of the largest pack that the backup has made. */
  Damage flipBit(BackupId backup) {
    Path pack = largestOf(backup);
    long position = sizeOf(pack) / 2;
    FlippedBit.in(pack, position);
    return () -> FlippedBit.in(pack, position);
  }

  /** A pack's name begins with the first five bytes of the hash of its backup's id (repository format). */
  private Path largestOf(BackupId backup) {
    String owner =
        BlockHash.of(backup.value().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 10);
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(owner))
          .filter(Files::isRegularFile)
          .max(Comparator.comparingLong(StoredPacks::sizeOf))
          .orElseThrow(() -> new BarmanException(
              ErrorCode.DRILL_FAILED,
              "backup " + backup + " has no pack of its own",
              "it stores nothing new, so nothing of it alone can be damaged"));
    } catch (IOException e) {
      throw Failures.unreadable(folder, e);
    }
  }

  private static long sizeOf(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw Failures.unreadable(file, e);
    }
  }
}
