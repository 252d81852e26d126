package io.github.barman4j.verify;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BlockExaminer;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.repository.StoredBlock;
import java.util.ArrayList;
import java.util.List;

/** Finds what other backups refer to damaged blocks. Reads their manifests and block maps, and no blocks. */
final class OtherBackups {
  private static final int MOST_FILES = 100_000;
  private static final int MOST_PAGES = 1000;

  private final ServerRepository repository;
  private final DamagedBlocks damaged;

  OtherBackups(ServerRepository repository, DamagedBlocks damaged) {
    this.repository = repository;
    this.damaged = damaged;
  }

  /** The files of a backup that refer to damaged blocks. */
  List<DamagedFile> concerned(Backup backup) {
    List<DamagedFile> files = new ArrayList<>();
    if (!damaged.isIn(backup.packs().keySet())) {
      return files;
    }
    try {
      BackupReader reader = repository.openBackup(backup.id().value(), backup.manifestHash());
      for (ManifestEntry entry : reader.entries()) {
        if (entry instanceof FileEntry file && files.size() < MOST_FILES) {
          Search search = new Search(reader.blockSize());
          reader.examine(file, search);
          if (!search.pages.isEmpty()) {
            files.add(new DamagedFile(
                file.path(), "", search.pages, "it shares damaged blocks with another backup"));
          }
        }
      }
    } catch (IntegrityException e) {
      files.add(new DamagedFile("manifests/" + backup.id(), "", List.of(), e.problem()));
    }
    return files;
  }

  private final class Search implements BlockExaminer {
    private final int blockSize;
    private final List<Long> pages = new ArrayList<>();

    Search(int blockSize) {
      this.blockSize = blockSize;
    }

    @Override
    public boolean wants(long number, StoredBlock block) {
      if (damaged.contains(block) && pages.size() < MOST_PAGES) {
        pages.add(number * (blockSize / Page.SIZE));
      }
      return false;
    }

    @Override
    public void sound(long number, StoredBlock block, byte[] buffer, int from, int length) {}

    @Override
    public void zero(long number, int length) {}

    @Override
    public void damaged(long number, StoredBlock block, int length, IntegrityException damage) {
      pages.add(number * (blockSize / Page.SIZE));
    }

    @Override
    public void unknown(long first, long count, IntegrityException damage) {
      pages.add(first * (blockSize / Page.SIZE));
    }
  }
}
