package io.github.barman4j.verify;

import io.github.barman4j.BlockHash;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BlockExaminer;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.repository.StoredBlock;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Brings damaged blocks of backups back: first from the backups that have the same bytes at the same place of the same file and keep them
 * elsewhere, then from the server's own file. What does not have the block's hash is not taken. Thread-safe.
 *
 * <p>Only blocks are healed. A manifest, a map page and a catalog entry are stored once, and what they say, where things lie and what vouches
 * for them, nobody else knows: they can only be put back from a copy of the repository. That they are lost is in the report.
 */
public final class Healer {
  private static final int MOST_PAGES = 1000;
  private static final String ONLY_FROM_A_COPY =
      "it is stored once and cannot be made anew, only be put back from a copy of the repository";

  private final ServerRepository repository;
  private final Catalog catalog;
  private final LiveFiles live;
  private final int jobs;
  private final EventSink events;
  private final InstantSource clock;

  /** @param jobs threads of the verification that follows */
  public Healer(
      ServerRepository repository,
      LiveFiles live,
      int jobs,
      EventSink events,
      InstantSource clock) {
    this.repository = repository;
    this.catalog = new Catalog(repository);
    this.live = live;
    this.jobs = jobs;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Heals one backup, then verifies it, which also notes the outcome. Where a verification has noted already which files are damaged, only
   * they are read before.
   *
   * @param selector an id, the beginning of one, a name, {@code latest} or {@code oldest}
   */
  public HealReport heal(String selector) {
    Backup backup = catalog.find(selector);
    Work work = new Work(backup);
    try (RepositoryLock use = repository.use(backup.id().value())) {
      work.run();
    }
    VerifyReport verification = new Verifier(repository, jobs, events, clock)
        .verify(VerifyRequest.of(backup.id().value()));
    return new HealReport(work.fromBackups, work.fromServer, work.lost, verification);
  }

  /**
   * Heals what other backups share with a new one: blocks that it had to store anew since they were damaged.
   *
   * @return how many blocks
   */
  public long healFrom(Backup healthy, Backup damaged) {
    Work work = new Work(damaged);
    work.others.add(reader(healthy));
    try (RepositoryLock use = repository.use(damaged.id().value())) {
      work.run();
    }
    return work.fromBackups;
  }

  private BackupReader reader(Backup backup) {
    return repository.openBackup(backup.id().value(), backup.manifestHash());
  }

  /** The healing of one backup. */
  private final class Work {
    private final Backup backup;
    private final List<BackupReader> others = new ArrayList<>();
    private final List<Finding> lost = new ArrayList<>();
    private long fromBackups;
    private long fromServer;

    Work(Backup backup) {
      this.backup = backup;
    }

    /** Heals what the manifest tells of, as far as it can be read. */
    void run() {
      Set<String> known =
          catalog.damage(backup.id()).stream().map(DamagedFile::path).collect(Collectors.toSet());
      if (others.isEmpty()) {
        openOthers();
      }
      try {
        examine(known);
      } catch (IntegrityException e) {
        lose("manifests/" + backup.id(), List.of(), e.problem() + "; " + ONLY_FROM_A_COPY);
      }
    }

    private void examine(Set<String> known) {
      BackupReader reader = reader(backup);
      for (ManifestEntry entry : reader.entries()) {
        if (entry instanceof FileEntry file && (known.isEmpty() || known.contains(file.path()))) {
          reader.examine(file, new Healing(file, reader.blockSize()));
        }
      }
    }

    private void lose(String file, List<Long> pages, String problem) {
      lost.add(new Finding(backup.id().value(), file, "", pages, problem));
    }

    /** The newest first: it is the most likely to have been written after the damage. */
    private void openOthers() {
      List<BackupId> ids = new ArrayList<>(catalog.ids());
      Collections.reverse(ids);
      for (BackupId id : ids) {
        if (!id.equals(backup.id())) {
          try {
            others.add(reader(catalog.get(id)));
          } catch (IntegrityException e) {
            events.warn(e.problem(), e.hint());
          }
        }
      }
    }

    /** Looks for the bytes of damaged blocks of one file. */
    private final class Healing implements BlockExaminer {
      private final FileEntry file;
      private final int blockSize;

      Healing(FileEntry file, int blockSize) {
        this.file = file;
        this.blockSize = blockSize;
      }

      @Override
      public boolean wants(long number, StoredBlock block) {
        return true;
      }

      @Override
      public void sound(long number, StoredBlock block, byte[] buffer, int from, int length) {}

      @Override
      public void zero(long number, int length) {}

      @Override
      public void damaged(long number, StoredBlock block, int length, IntegrityException damage) {
        Optional<byte[]> plain = fromBackups(number, block);
        if (plain.isPresent()) {
          fromBackups++;
        } else {
          plain = fromServer(number, block, length);
          fromServer += plain.isPresent() ? 1 : 0;
        }
        plain.ifPresentOrElse(
            bytes -> repository.heal(block, bytes),
            () -> lose(number, 1, damage.problem() + "; nobody else has these bytes any more"));
      }

      @Override
      public void unknown(long first, long count, IntegrityException damage) {
        lose(
            first,
            count,
            damage.problem() + "; this is the map page that says where " + count + " blocks lie: "
                + ONLY_FROM_A_COPY);
      }

      private void lose(long first, long count, String problem) {
        int perBlock = blockSize / Page.SIZE;
        Work.this.lose(
            file.path(),
            LongStream.range(first, first + count)
                .limit(MOST_PAGES)
                .map(number -> number * perBlock)
                .boxed()
                .toList(),
            problem);
      }

      private Optional<byte[]> fromBackups(long number, StoredBlock block) {
        for (BackupReader other : others) {
          try {
            Optional<FileEntry> same = same(other);
            Optional<StoredBlock> place = same.flatMap(found -> other.place(found, number));
            if (place.isPresent()
                && place.get().hash().equals(block.hash())
                && !place.get().isAt(block)) {
              return Optional.of(other.readBlock(same.orElseThrow(), number));
            }
          } catch (IntegrityException e) {
            events.info("backup " + other.backupId() + " cannot help: " + e.problem());
          }
        }
        return Optional.empty();
      }

      private Optional<FileEntry> same(BackupReader other) {
        return file.kind() == FileKind.CONFIGURATION
            ? other.findConfiguration(file.path())
            : other
                .find(file.path())
                .filter(FileEntry.class::isInstance)
                .map(FileEntry.class::cast);
      }

      private Optional<byte[]> fromServer(long number, StoredBlock block, int length) {
        if (file.kind() != FileKind.DATA) {
          return Optional.empty();
        }
        return live.read(file.path(), number * blockSize, length)
            .filter(bytes -> BlockHash.of(bytes).equals(block.hash()));
      }
    }
  }
}
