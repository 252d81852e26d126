package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A directory where the server's archive_command puts files: each under a temporary name first, then renamed. Used once, by one thread;
 * a receiver and other processes may archive at the same time.
 *
 * <p>A file leaves the directory only when it is durable in the archive, or in the quarantine when it is not what it should be. A file
 * that cannot be stored for the moment stays.
 */
public final class IncomingDirectory {
  private static final Set<ErrorCode> BAD_CONTENT = EnumSet.of(
      ErrorCode.WAL_INVALID,
      ErrorCode.WAL_DIFFERS,
      ErrorCode.REPOSITORY_OTHER_SYSTEM,
      ErrorCode.TIMELINE_HISTORY_INVALID,
      ErrorCode.INVALID_VALUE);
  private static final int LARGEST_HISTORY = 1 << 20;

  private final WalArchive archive;
  private final Path directory;
  private final EventSink events;
  private final List<String> archived = new ArrayList<>();
  private final List<String> present = new ArrayList<>();
  private final List<ArchiveReport.Quarantined> quarantined = new ArrayList<>();
  private final List<String> incomplete = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();

  public IncomingDirectory(WalArchive archive, Path directory, EventSink events) {
    this.archive = archive;
    this.directory = directory;
    this.events = events;
  }

  /**
   * Archives what lies in the directory now: timeline histories first, then segments in order, then backup labels and the like.
   *
   * @throws BarmanException IO when the directory cannot be read or a file cannot be removed from it; why the repository cannot be
   *     written. What was archived before that is archived
   */
  public ArchiveReport archive() {
    try {
      for (IncomingFile file : files()) {
        take(file);
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "archiving what lies in " + directory + " failed: " + e,
          "may this user read it, and remove files from it?",
          e);
    }
    return new ArchiveReport(archived, present, quarantined, incomplete, ignored);
  }

  private List<IncomingFile> files() throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "there is no directory " + directory + " to archive from",
          "name the one that the server's archive_command writes to");
    }
    List<IncomingFile> files = new ArrayList<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory)) {
      for (Path path : found) {
        IncomingFile.at(path).ifPresent(files::add);
      }
    }
    files.sort(null);
    return files;
  }

  private void take(IncomingFile file) throws IOException {
    if (file.kind() == IncomingFile.Kind.OTHER) {
      ignored.add(file.name());
      return;
    }
    try {
      boolean added;
      switch (file.kind()) {
        case HISTORY -> added = history(file);
        case SEGMENT -> {
          Optional<WalSegmentSize> size = segmentSize(file);
          if (size.isEmpty() || file.size() < size.get().bytes()) {
            tooShort(file);
            return;
          }
          added = segment(file, size.get());
        }
        default -> added = archive.storeCompanion(file.name(), file.path());
      }
      (added ? archived : present).add(file.name());
      file.remove();
    } catch (NoSuchFileException e) {
      // Another process was faster, or the server took it back: there is nothing left to archive.
      ignored.add(file.name());
    } catch (BarmanException e) {
      if (!BAD_CONTENT.contains(e.code())) {
        throw e;
      }
      quarantine(file, e);
    }
  }

  private boolean history(IncomingFile file) throws IOException {
    if (file.size() > LARGEST_HISTORY) {
      throw new BarmanException(
          ErrorCode.TIMELINE_HISTORY_INVALID,
          file.path() + " has " + file.size() + " bytes and is no timeline history",
          "archive only what pg_wal of the server holds");
    }
    return archive.storeHistory(
        Timeline.parseHex(file.name().substring(0, 8)), Files.readAllBytes(file.path()));
  }

  private boolean segment(IncomingFile file, WalSegmentSize size) throws IOException {
    SystemIdentifier system = owner(file);
    return archive
        .store(WalSegment.parse(file.name(), size), file.path(), system)
        .added();
  }

  /** Whose archive it is; when nobody's yet, that of the cluster which the segment names. */
  private SystemIdentifier owner(IncomingFile file) throws IOException {
    Optional<SystemIdentifier> owner = archive.owner();
    if (owner.isPresent()) {
      return owner.get();
    }
    WalPageHeader header = file.header()
        .orElseThrow(() -> new BarmanException(
            ErrorCode.WAL_INVALID,
            "segment " + file.path() + " does not say where it comes from",
            "archive only what pg_wal of the server holds, unchanged and under its own name"));
    SystemIdentifier named = header.identity().orElseThrow().systemIdentifier();
    archive.claim(named, header.major());
    return named;
  }

  /** The archive's, or for its first segment what that says itself, or what its length would fit; empty for one that can be none. */
  private Optional<WalSegmentSize> segmentSize(IncomingFile file) throws IOException {
    Optional<WalSegmentSize> known = archive.segmentSize();
    if (known.isEmpty()) {
      known = file.header().flatMap(WalPageHeader::identity).map(id -> id.segmentSize());
    }
    if (known.isEmpty()
        && file.size() <= Integer.MAX_VALUE
        && WalSegmentSize.isValid((int) file.size())) {
      known = Optional.of(new WalSegmentSize((int) file.size()));
    }
    return known;
  }

  private void tooShort(IncomingFile file) {
    incomplete.add(file.name());
    events.warn(
        "segment " + file.path() + " has only " + file.size() + " bytes and stays where it is",
        "archive_command must write under another name and rename when all is on the disk; a torn file goes when the server archives it once more");
  }

  private void quarantine(IncomingFile file, BarmanException reason) throws IOException {
    String key = archive.quarantine(file.name(), file.path());
    quarantined.add(new ArchiveReport.Quarantined(file.name(), key, reason.problem()));
    events.warn(
        file.path() + " is kept in the quarantine as " + key + ": " + reason.problem(),
        reason.hint());
    file.remove();
  }
}
