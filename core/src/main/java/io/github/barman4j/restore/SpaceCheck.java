package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ManifestEntry;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Whether what is to be restored fits, on each file system by itself. */
final class SpaceCheck {
  private SpaceCheck() {}

  /** @throws BarmanException RESTORE_SPACE, before anything is written */
  static void run(BackupReader backup, Path dataDirectory, TablespaceMap tablespaces, long walBytes)
      throws IOException {
    Map<Path, Long> needed = new LinkedHashMap<>();
    needed.put(dataDirectory, walBytes);
    if (tablespaces.places().isEmpty()) {
      needed.merge(dataDirectory, backup.bytes(), Long::sum);
    } else {
      for (ManifestEntry entry : backup.entries()) {
        if (entry instanceof FileEntry file) {
          needed.merge(placeOf(file.path(), dataDirectory, tablespaces), file.size(), Long::sum);
        }
      }
    }
    Map<FileStore, Long> byStore = new LinkedHashMap<>();
    Map<FileStore, Path> example = new LinkedHashMap<>();
    for (Map.Entry<Path, Long> place : needed.entrySet()) {
      FileStore store = Files.getFileStore(DirectoryCheck.existing(place.getKey()));
      byStore.merge(store, place.getValue(), Long::sum);
      example.putIfAbsent(store, place.getKey());
    }
    for (Map.Entry<FileStore, Long> store : byStore.entrySet()) {
      long usable = store.getKey().getUsableSpace();
      if (usable < store.getValue()) {
        throw new BarmanException(
            ErrorCode.RESTORE_SPACE,
            "the restore needs " + describe(store.getValue()) + " on the file system of "
                + example.get(store.getKey()) + ", which has " + describe(usable) + " left",
            "make room there, restore elsewhere, or map tablespaces to other file systems with barman.tablespaces.");
      }
    }
  }

  private static Path placeOf(String path, Path dataDirectory, TablespaceMap tablespaces) {
    return tablespaces.places().stream()
        .filter(place -> path.startsWith(place.link() + "/"))
        .map(TablespaceMap.Place::location)
        .findFirst()
        .orElse(dataDirectory);
  }

  private static String describe(long bytes) {
    return String.format(Locale.ROOT, "%d bytes (%.1f GB)", bytes, bytes / 1e9);
  }
}
