package io.github.barman4j.verify;

import io.github.barman4j.BarmanException;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.DamagedFile;
import io.github.barman4j.catalog.Mark;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.SuspectPages;
import io.github.barman4j.wal.WalArchive;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads everything of one backup but its log. Used once. */
final class BackupCheck {
  private static final int SEGMENT_PAGES = 131_072;
  private static final int MOST_FILES = 100_000;
  private static final int MOST_PAGES = 1000;

  private final ServerRepository repository;
  private final Catalog catalog;
  private final Backup backup;
  private final VerifiedBlocks verified;
  private final DamagedBlocks damagedBlocks;
  private final TaskGroup workers;
  private final Progress progress;
  private final List<DamagedFile> damaged = new ArrayList<>();
  private final Map<String, String> relations = new HashMap<>();
  private final AtomicLong blocks = new AtomicLong();
  private final AtomicLong pages = new AtomicLong();
  private long files;
  private long bytes;
  private @Nullable SuspectPages suspects;

  BackupCheck(
      ServerRepository repository,
      Catalog catalog,
      Backup backup,
      VerifiedBlocks verified,
      DamagedBlocks damagedBlocks,
      TaskGroup workers,
      Progress progress) {
    this.repository = repository;
    this.catalog = catalog;
    this.backup = backup;
    this.verified = verified;
    this.damagedBlocks = damagedBlocks;
    this.workers = workers;
    this.progress = progress;
  }

  /** @param packProblems what is known of packs already; is added to */
  VerifiedBackup run(WalArchive archive, Map<String, Optional<String>> packProblems) {
    readMarks();
    checkPacks(packProblems);
    try {
      BackupReader reader = repository.openBackup(backup.id().value(), backup.manifestHash());
      compareTotals(reader);
      suspects = suspects(reader);
      readFiles(reader);
    } catch (IntegrityException e) {
      add(new DamagedFile("manifests/" + backup.id(), "", List.of(), e.problem()));
    }
    addDamagedPages(archive);
    List<Finding> findings = damaged.stream()
        .sorted((a, b) -> a.path().compareTo(b.path()))
        .map(this::named)
        .toList();
    return new VerifiedBackup(
        backup.id().value(), files, blocks.get(), bytes, pages.get(), findings);
  }

  /** The names that the backup itself, with the server at hand, has found for damaged files. */
  private void readMarks() {
    try {
      for (Mark mark : catalog.marks(backup.id())) {
        if (mark instanceof Mark.Damaged found) {
          found.files().stream()
              .filter(file -> !file.relation().isEmpty())
              .forEach(file -> relations.put(file.path(), file.relation()));
        }
      }
    } catch (IntegrityException e) {
      add(new DamagedFile("marks/" + backup.id(), "", List.of(), e.problem()));
    }
  }

  private void checkPacks(Map<String, Optional<String>> known) {
    for (String pack : backup.packs().keySet()) {
      known
          .computeIfAbsent(pack, this::packProblem)
          .ifPresent(problem -> add(new DamagedFile(
              "packs/" + pack.substring(0, 2) + "/" + pack, "", List.of(), problem)));
    }
  }

  private Optional<String> packProblem(String pack) {
    try {
      repository.verifyPackTable(pack);
      return Optional.empty();
    } catch (BarmanException e) {
      if (e instanceof IntegrityException) {
        return Optional.of(e.problem());
      }
      throw e;
    }
  }

  private void compareTotals(BackupReader reader) {
    if (reader.files() != backup.sizes().files()
        || reader.bytes() != backup.sizes().databaseBytes()) {
      add(new DamagedFile(
          "manifests/" + backup.id(),
          "",
          List.of(),
          "the manifest has " + reader.files() + " files of " + reader.bytes()
              + " bytes, the catalog entry " + backup.sizes().files() + " of "
              + backup.sizes().databaseBytes()));
    }
  }

  /** What judges the pages; null when they cannot be judged. */
  private @Nullable SuspectPages suspects(BackupReader reader) {
    Optional<ManifestEntry> entry = reader.find(ControlFile.PATH);
    if (entry.isEmpty() || !(entry.get() instanceof FileEntry file)) {
      add(new DamagedFile(ControlFile.PATH, "", List.of(), "the backup does not have it"));
      return new SuspectPages(backup.dataChecksums(), SEGMENT_PAGES);
    }
    try {
      ControlFile control = ControlFile.parse(reader.readAll(file));
      return control.blockSize() == Page.SIZE
          ? new SuspectPages(backup.dataChecksums(), control.relationSegmentBlocks())
          : null;
    } catch (IntegrityException e) {
      // Its blocks are read once more with all others, and the damage is told there.
      return new SuspectPages(backup.dataChecksums(), SEGMENT_PAGES);
    } catch (BarmanException e) {
      if (backup.postgres().major() <= ControlFile.NEWEST_MAJOR) {
        add(new DamagedFile(ControlFile.PATH, "", List.of(), e.problem()));
      }
      return new SuspectPages(backup.dataChecksums(), SEGMENT_PAGES);
    }
  }

  private void readFiles(BackupReader reader) {
    try {
      for (ManifestEntry entry : reader.entries()) {
        if (entry instanceof FileEntry file) {
          files++;
          bytes += file.size();
          workers.submit(() -> readFile(reader, file));
        }
      }
    } finally {
      workers.join();
    }
  }

  private FileEntry readFile(BackupReader reader, FileEntry file) {
    SuspectPages judge = file.kind() == FileKind.DATA ? suspects : null;
    FileCheck check = new FileCheck(
        file, reader.blockSize(), backup.packs().keySet(), verified, damagedBlocks, judge);
    reader.examine(file, check);
    blocks.addAndGet(check.blocks());
    pages.addAndGet(check.pages());
    check.result().ifPresent(this::add);
    progress.advance(file.size());
    return file;
  }

  private void addDamagedPages(WalArchive archive) {
    SuspectPages judged = suspects;
    if (judged == null || judged.isEmpty()) {
      return;
    }
    Map<String, List<SuspectPages.Suspect>> byPath = new TreeMap<>();
    for (SuspectPages.Suspect suspect : judged.damaged(
        archive, backup.endTimeline(), backup.beginLsn(), backup.endLsn(), backup.segmentSize())) {
      byPath.computeIfAbsent(suspect.path(), path -> new ArrayList<>()).add(suspect);
    }
    byPath.forEach((path, pagesOfFile) -> add(new DamagedFile(
        path,
        "",
        pagesOfFile.stream().map(SuspectPages.Suspect::page).limit(MOST_PAGES).toList(),
        "it was bad when it was stored: " + pagesOfFile.get(0).problem())));
    if (judged.notListed() > 0) {
      add(new DamagedFile(
          "base",
          "",
          List.of(),
          judged.notListed() + " more pages were bad when they were stored"));
    }
  }

  private Finding named(DamagedFile file) {
    String relation = relations.getOrDefault(file.path(), file.relation());
    return new Finding(backup.id().value(), file.path(), relation, file.blocks(), file.problem());
  }

  private synchronized void add(DamagedFile file) {
    if (damaged.size() < MOST_FILES) {
      damaged.add(file);
    } else if (damaged.size() == MOST_FILES) {
      damaged.add(new DamagedFile(
          "manifests/" + backup.id(), "", List.of(), "more files are damaged than are listed"));
    }
  }
}
