package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.ManifestEntry;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whether what is to be restored fits, on each file system by itself. What lies in a directory that is overwritten is kept or deleted, so
 * it counts as room.
 */
final class SpaceCheck {
  /** Tells what a file system has left. */
  @FunctionalInterface
  interface Room {
    long bytes(FileStore store) throws IOException;
  }

  private record Need(long bytes, Map<String, Long> parts) {
    Need plus(String what, long more) {
      Map<String, Long> all = new LinkedHashMap<>(parts);
      all.merge(what, more, Long::sum);
      return new Need(bytes + more, all);
    }
  }

  private final Room room;
  private final Map<FileStore, Need> needs = new LinkedHashMap<>();
  private final Map<FileStore, Long> reusable = new LinkedHashMap<>();

  private SpaceCheck(Room room) {
    this.room = room;
  }

  /** @throws BarmanException RESTORE_SPACE, before anything is written */
  static void run(
      BackupReader backup,
      Path dataDirectory,
      TablespaceMap tablespaces,
      long walBytes,
      Occupant occupant,
      Room room)
      throws IOException {
    SpaceCheck check = new SpaceCheck(room);
    Map<Path, Long> needed = new LinkedHashMap<>();
    needed.put(dataDirectory, 0L);
    tablespaces.places().forEach(place -> needed.put(place.location(), 0L));
    if (tablespaces.places().isEmpty()) {
      needed.put(dataDirectory, backup.bytes());
    } else {
      for (ManifestEntry entry : backup.entries()) {
        if (entry instanceof FileEntry file && file.kind() == FileKind.DATA) {
          needed.merge(placeOf(file.path(), dataDirectory, tablespaces), file.size(), Long::sum);
        }
      }
    }
    for (Map.Entry<Path, Long> place : needed.entrySet()) {
      check.need(place.getKey(), place.getKey().toString(), place.getValue());
    }
    if (occupant.isAnything()) {
      check.reuse(dataDirectory, needed.keySet());
      for (TablespaceMap.Place place : tablespaces.places()) {
        check.reuse(place, backup);
      }
    }
    check.need(dataDirectory, "its WAL", walBytes);
    check.refuse();
  }

  private static Path placeOf(String path, Path dataDirectory, TablespaceMap tablespaces) {
    return tablespaces.places().stream()
        .filter(place -> path.startsWith(place.link() + "/"))
        .map(TablespaceMap.Place::location)
        .findFirst()
        .orElse(dataDirectory);
  }

  private void need(Path place, String what, long bytes) throws IOException {
    FileStore store = Files.getFileStore(DirectoryCheck.existing(place));
    needs.put(store, needs.getOrDefault(store, new Need(0, Map.of())).plus(what, bytes));
  }

  /** Of a tablespace's location only those folders that the backup has in it: others stay. */
  private void reuse(TablespaceMap.Place place, BackupReader backup) throws IOException {
    if (!Files.isDirectory(place.location())) {
      return;
    }
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(place.location())) {
      for (Path folder : folders) {
        if (backup.find(place.link() + "/" + folder.getFileName()).isPresent()) {
          reuse(folder, Set.of());
        }
      }
    }
  }

  /** Adds up the files that are there, but not those in the places that are counted by themselves; links are not followed. */
  private void reuse(Path tree, Set<Path> counted) throws IOException {
    if (!Files.isDirectory(tree)) {
      return;
    }
    Path root = tree.toRealPath();
    FileStore store = Files.getFileStore(root);
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        return !folder.equals(root) && counted.contains(folder)
            ? FileVisitResult.SKIP_SUBTREE
            : FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        if (attributes.isRegularFile()) {
          reusable.merge(store, attributes.size(), Long::sum);
        }
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
          return FileVisitResult.CONTINUE;
        }
        throw failure;
      }
    });
  }

  private void refuse() throws IOException {
    for (Map.Entry<FileStore, Need> need : needs.entrySet()) {
      long there = reusable.getOrDefault(need.getKey(), 0L);
      long available = room.bytes(need.getKey()) + there;
      if (available < need.getValue().bytes()) {
        String parts = need.getValue().parts().entrySet().stream()
            .map(part -> part.getKey() + " " + describe(part.getValue()))
            .collect(Collectors.joining(", "));
        throw new BarmanException(
            ErrorCode.RESTORE_SPACE,
            "the restore needs " + describe(need.getValue().bytes()) + " on one file system ("
                + parts + "), which has " + describe(available) + " left"
                + (there > 0 ? ", what is overwritten included" : ""),
            "make room there, restore elsewhere, or map tablespaces to other file systems with barman.tablespaces.");
      }
    }
  }

  private static String describe(long bytes) {
    return String.format(Locale.ROOT, "%d bytes (%.1f GB)", bytes, bytes / 1e9);
  }
}
