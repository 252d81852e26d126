package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;

/** A file that archive_command has put down: what it is by its name, and how it is taken away again. */
record IncomingFile(Path path, String name, Kind kind, BasicFileAttributes attributes)
    implements Comparable<IncomingFile> {

  /** In the order in which they are archived: a timeline's history is there before its segments. */
  enum Kind {
    HISTORY,
    SEGMENT,
    /** The label of a backup, or the last segment of a timeline that was left (manual, 26.3; xlog.c, CleanupAfterArchiveRecovery). */
    COMPANION,
    OTHER
  }

  private static final String COMPANION = "[0-9A-F]{24}\\.(?:[0-9A-F]{8}\\.backup|partial)";

  /** Empty when it has gone in the meantime. */
  static Optional<IncomingFile> at(Path path) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      String name = String.valueOf(path.getFileName());
      Kind kind = attributes.isRegularFile() ? kindOf(name) : Kind.OTHER;
      return Optional.of(new IncomingFile(path, name, kind, attributes));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Kind kindOf(String name) {
    if (TimelineHistory.isFileName(name)) {
      return Kind.HISTORY;
    }
    if (WalSegment.isName(name)) {
      return Kind.SEGMENT;
    }
    return name.matches(COMPANION) ? Kind.COMPANION : Kind.OTHER;
  }

  /** What a segment's first page says; empty when there is no such page. */
  Optional<WalPageHeader> header() throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(path)) {
      head = in.readNBytes(WalPageHeader.LONG_LENGTH);
    }
    try {
      return Optional.of(WalPageHeader.parse(head))
          .filter(page -> page.identity().isPresent());
    } catch (BarmanException e) {
      // No page: whoever needs one says so.
      return Optional.empty();
    }
  }

  long size() {
    return attributes.size();
  }

  /** Deletes it durably, unless another file has taken its place since it was looked at. */
  void remove() throws IOException {
    Optional<IncomingFile> now = at(path);
    if (now.isPresent()
        && Objects.equals(now.get().attributes.fileKey(), attributes.fileKey())
        && now.get().attributes.lastModifiedTime().equals(attributes.lastModifiedTime())
        && now.get().size() == size()) {
      DurableFile.delete(path);
    }
  }

  @Override
  public int compareTo(IncomingFile other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
