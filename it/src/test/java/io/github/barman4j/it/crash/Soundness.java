package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What must be true of a place after any crash, and what must be true after the next run. */
final class Soundness {
  /** Changes while it is there, and says nothing. */
  private static final String HEARTBEAT = "barman_wal/heartbeat";

  private Soundness() {}

  static List<Backup> listed(Place place) {
    try {
      return Engine.open(place.configuration(null), EventSink.NONE).backups();
    } catch (BarmanException e) {
      if (e.code() == ErrorCode.REPOSITORY_NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  /**
   * Every backup that is listed can be read to its last block, has its log, and those that were there before are listed and what they
   * were.
   *
   * @return how many are listed
   */
  static int assertListedBackupsAreGood(Place place, Map<String, String> before) {
    return assertListedBackupsAreGood(place, before, before.keySet());
  }

  /** @param stay ids of those that must be listed */
  static int assertListedBackupsAreGood(Place place, Map<String, String> before, Set<String> stay) {
    List<Backup> listed = listed(place);
    for (Backup backup : listed) {
      WalArchive archive = archive(place);
      String digest = digest(place, backup);
      String known = before.getOrDefault(backup.id().value(), digest);
      assertThat(digest).as("content of listed backup %s", backup.id()).isEqualTo(known);
      for (WalSegment segment = backup.firstSegment();
          segment.compareTo(backup.lastSegment()) <= 0;
          segment = segment.next()) {
        assertThat(archive.contains(segment))
            .as("segment %s of listed backup %s is archived", segment, backup.id())
            .isTrue();
        fetch(archive, segment);
      }
    }
    assertThat(listed)
        .extracting(backup -> backup.id().value())
        .as("backups that were there before")
        .containsAll(stay);
    return listed.size();
  }

  /** Reading it verifies it. */
  private static void fetch(WalArchive archive, WalSegment segment) {
    try {
      Path scratch = Files.createTempDirectory("barman-crash-");
      try {
        archive.fetch(segment, scratch.resolve("segment"));
      } finally {
        RunFolder.delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Nothing lies in the repository but what the catalog and the archive refer to. */
  static void assertClean(Place place) {
    Set<String> packs = new TreeSet<>();
    Set<String> ids = new TreeSet<>();
    for (Backup backup : listed(place)) {
      packs.addAll(backup.packs().keySet());
      ids.add(backup.id().value());
    }
    Path part = place.serversPart();
    assertThat(names(part.resolve("packs"))).as("packs").isEqualTo(packs);
    assertThat(names(part.resolve("manifests"))).as("manifests").isEqualTo(ids);
    assertThat(Place.files(part.resolve("unfinished")))
        .as("marks of unfinished work")
        .isEmpty();
    assertThat(Place.files(part.resolve("deleting"))).as("notes of deletions").isEmpty();
    assertThat(Place.files(part.resolve("wal/backup"))).as("log of a backup").isEmpty();
    assertNoTemporaryFiles(place);
  }

  static void assertNoTemporaryFiles(Place place) {
    assertThat(Place.files(place.repository())).noneMatch(file -> file.contains(".tmp-"));
    assertThat(Place.files(place.spool())).noneMatch(file -> file.contains(".tmp-"));
  }

  private static Set<String> names(Path directory) {
    Set<String> names = new TreeSet<>();
    Place.files(directory).forEach(file -> names.add(file.substring(file.lastIndexOf('/') + 1)));
    return names;
  }

  static ServerRepository repository(Place place) {
    return Repository.open(LocalObjectStore.at(place.repository()), place.keys())
        .server(Place.SERVER);
  }

  static WalArchive archive(Place place) {
    return new WalArchive(repository(place));
  }

  /** Of everything in a backup; each block that is read is verified. */
  static String digest(Place place, Backup backup) {
    BackupReader reader = repository(place).openBackup(backup.id().value(), backup.manifestHash());
    BlockHash.Digest digest = BlockHash.digest();
    for (ManifestEntry entry : reader.entries()) {
      update(digest, entry.toString());
      if (entry instanceof FileEntry file) {
        reader.read(file, (offset, buffer, from, length) -> digest.update(buffer, from, length));
      }
    }
    return digest.finish().toString();
  }

  private static void update(BlockHash.Digest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(bytes, 0, bytes.length);
  }

  /** By file, the hash of its content. */
  static Map<String, String> tree(Path directory) {
    Map<String, String> hashes = new TreeMap<>();
    for (String file : Place.files(directory)) {
      if (!file.equals(HEARTBEAT)) {
        try {
          byte[] content = Files.readAllBytes(directory.resolve(file));
          hashes.put(file, BlockHash.of(content).toString());
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return hashes;
  }
}
