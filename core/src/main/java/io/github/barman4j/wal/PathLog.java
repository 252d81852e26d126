package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of the segments on a path, wherever each segment lies. Indexes come from the archive; where it has none, or one that
 * lacks the record which runs into the segment, the segment is read on the spot. Not thread-safe.
 */
final class PathLog {
  private final WalArchive archive;
  private final List<WalSegment> segments;
  private final Lsn begin;
  private final Lsn end;
  private final Map<WalSegment, PartialSegment> spool = new HashMap<>();
  private final Map<WalSegment, WalIndex> readOnTheSpot = new HashMap<>();

  PathLog(WalArchive archive, WalPath path, Collection<PartialSegment> unarchived, Lsn begin) {
    this.archive = archive;
    this.segments = path.segments();
    this.begin = begin;
    this.end = path.end();
    unarchived.forEach(partial -> spool.put(partial.segment(), partial));
  }

  /** The place of the last segment. */
  int last() {
    return segments.size() - 1;
  }

  /** Whether a record lies between the path's ends. */
  boolean counts(Lsn start, Lsn recordEnd) {
    return start.compareTo(begin) >= 0 && recordEnd.compareTo(end) <= 0;
  }

  /** The index of the segment at a place on the path. */
  WalIndex index(int at) {
    WalSegment segment = segments.get(at);
    WalIndex known = readOnTheSpot.get(segment);
    if (known != null) {
      return known;
    }
    if (!spool.containsKey(segment)) {
      WalIndex stored = archive.index(segment);
      if (!stored.headless() || at == 0) {
        return stored;
      }
    }
    WalIndex read = read(at);
    readOnTheSpot.put(segment, read);
    return read;
  }

  private WalIndex read(int at) {
    WalSegment segment = segments.get(at);
    try (InputStream content = open(segment)) {
      SegmentReader reader = reader(at, content);
      return new SegmentScan(segment).read(reader.records(), reader.headless());
    } catch (IOException e) {
      throw failed(segment, e);
    }
  }

  /** The first record in a segment that counts and fits. */
  Optional<WalRecord> find(int at, Predicate<WalRecord> wanted) {
    return find(at, wanted, false);
  }

  /** The last record in a segment that counts and fits. */
  Optional<WalRecord> findLast(int at, Predicate<WalRecord> wanted) {
    return find(at, wanted, true);
  }

  private Optional<WalRecord> find(int at, Predicate<WalRecord> wanted, boolean last) {
    WalSegment segment = segments.get(at);
    WalRecord found = null;
    try (InputStream content = open(segment)) {
      WalReader records = reader(at, content).records();
      for (WalRecord record = records.next(); record != null; record = records.next()) {
        if (counts(record.start(), record.end()) && wanted.test(record)) {
          found = record;
          if (!last) {
            break;
          }
        }
      }
    } catch (IOException e) {
      throw failed(segment, e);
    }
    return Optional.ofNullable(found);
  }

  private SegmentReader reader(int at, InputStream content) throws IOException {
    WalSegment segment = segments.get(at);
    content.mark(WalPageHeader.LONG_LENGTH);
    byte[] head = content.readNBytes(WalPageHeader.LONG_LENGTH);
    content.reset();
    return SegmentReader.open(segment, content, runsInto(head), other -> before(other));
  }

  private static boolean runsInto(byte[] head) {
    try {
      return WalPageHeader.parse(head).continuesRecord();
    } catch (BarmanException e) {
      // No page yet, or none that can be read: the reader will say so.
      return false;
    }
  }

  private Optional<SegmentReader.Before> before(WalSegment segment) {
    int at = segments.indexOf(segment) - 1;
    return at < 0 ? Optional.empty() : Optional.of(new OnPath(at));
  }

  private final class OnPath implements SegmentReader.Before {
    private final int at;

    OnPath(int at) {
      this.at = at;
    }

    @Override
    public WalSegment segment() {
      return segments.get(at);
    }

    @Override
    public Lsn end() {
      return index(at).end();
    }

    @Override
    public InputStream open() throws IOException {
      return PathLog.this.open(segments.get(at));
    }
  }

  /** From the spool, or from the archive where the receiver has moved it in the meantime. */
  private InputStream open(WalSegment segment) throws IOException {
    PartialSegment partial = spool.get(segment);
    InputStream file = partial == null ? null : fromSpool(partial);
    return new BufferedInputStream(file == null ? archive.open(segment) : file, 128 << 10);
  }

  private static @Nullable InputStream fromSpool(PartialSegment partial) throws IOException {
    try {
      return Files.newInputStream(partial.file());
    } catch (NoSuchFileException e) {
      Path whole = partial.file().resolveSibling(partial.segment().name());
      try {
        return Files.newInputStream(whole);
      } catch (NoSuchFileException moved) {
        return null;
      }
    }
  }

  private static BarmanException failed(WalSegment segment, IOException e) {
    return new BarmanException(
        ErrorCode.IO,
        "segment " + segment + " cannot be read: " + e,
        "check the disk, and the permissions of spool and repository",
        e);
  }
}
