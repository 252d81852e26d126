package io.github.barman4j.engine;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.WalGapException;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.DirectoryEntry;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.LinkEntry;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Tells what belongs to a backup. Reads the manifest page by page: memory does not grow with the number of files. */
final class FileListing {
  private final ServerRepository repository;
  private final Backup backup;

  FileListing(ServerRepository repository, Backup backup) {
    this.repository = repository;
    this.backup = backup;
  }

  void each(FileScope scope, Consumer<ListedFile> consumer) {
    if (scope != FileScope.WAL) {
      for (ManifestEntry entry :
          repository.openBackup(backup.id().value(), backup.manifestHash()).entries()) {
        consumer.accept(listed(entry));
      }
    }
    if (scope != FileScope.DATA) {
      for (WalSegment segment : segments(scope == FileScope.STANDALONE)) {
        consumer.accept(new ListedFile(
            ListedFile.Kind.WAL, segment.name(), segment.size().bytes(), 0, Optional.empty(), ""));
      }
    }
  }

  private List<WalSegment> segments(boolean onlyRequired) {
    WalArchive archive = new WalArchive(repository);
    TimelineHistory history = archive.historyOf(backup.endTimeline());
    WalCoverage coverage = archive.coverage();
    Lsn begin = backup.beginLsn();
    List<WalSegment> required =
        WalCoverage.required(history, begin, backup.endLsn(), backup.segmentSize());
    for (WalSegment segment : required) {
      if (!coverage.contains(segment)) {
        throw new WalGapException(
            ErrorCode.WAL_GAP,
            "segment " + segment + ", which backup " + backup.id()
                + " needs, is not in the archive",
            "this backup cannot be restored: take a new one; barman.files=data lists its files all the same");
      }
    }
    return onlyRequired
        ? required
        : coverage.follow(history, begin, backup.segmentSize()).segments();
  }

  private static ListedFile listed(ManifestEntry entry) {
    if (entry instanceof FileEntry file) {
      return new ListedFile(
          file.kind() == FileKind.DATA ? ListedFile.Kind.FILE : ListedFile.Kind.CONFIGURATION,
          file.path(),
          file.size(),
          file.mode(),
          Optional.of(file.modified()),
          "");
    }
    if (entry instanceof DirectoryEntry directory) {
      return new ListedFile(
          ListedFile.Kind.DIRECTORY, directory.path(), 0, directory.mode(), Optional.empty(), "");
    }
    LinkEntry link = (LinkEntry) entry;
    return new ListedFile(ListedFile.Kind.LINK, link.path(), 0, 0, Optional.empty(), link.target());
  }
}
