package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.repository.SealedObjects;
import io.github.barman4j.repository.SealedUpload;
import io.github.barman4j.repository.ServerRepository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The archived segments and timeline histories of one server. Thread-safe; several processes may use one archive at once. */
public final class WalArchive {
  private final ServerRepository server;
  private final SealedObjects objects;
  private final Quarantine quarantine;
  private final WalHistories histories;
  private final WalGaps gaps;
  private final SpoolFiles spoolFiles;
  private final SegmentIndexer indexer;
  private volatile @Nullable WalSegmentSize segmentSize;

  public WalArchive(ServerRepository server) {
    this.server = server;
    this.objects = server.objects();
    this.quarantine = new Quarantine(objects, server::nameOf);
    this.histories = new WalHistories(objects, quarantine);
    this.gaps = new WalGaps(objects);
    this.spoolFiles = new SpoolFiles(server);
    this.indexer = new SegmentIndexer(this::before);
  }

  /**
   * What became of a segment.
   *
   * @param added false when the archive had it already, with equal content
   */
  public record Stored(WalSegment segment, boolean added, WalIndex index) {}

  /** A right that one process has at a time; given back by closing it. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Takes the right to receive this server's log.
   *
   * @throws io.github.barman4j.RepositoryLockedException when another process receives it
   */
  public Hold holdReceiving() {
    RepositoryLock lock = server.lock(ServerRepository.RECEIVE);
    boolean taken = false;
    try {
      objects.discardUnfinished("wal/");
      taken = true;
      return lock::close;
    } finally {
      if (!taken) {
        lock.close();
      }
    }
  }

  /**
   * Makes sure that the archive is that of this cluster; the first one that comes owns it.
   *
   * @throws BarmanException REPOSITORY_OTHER_SYSTEM when it is another's
   */
  public void claim(SystemIdentifier system, int postgresMajor) {
    server.claim(system.value(), postgresMajor);
  }

  /** How segments in a spool are written and read. */
  public SpoolFiles spoolFiles() {
    return spoolFiles;
  }

  /** Whose archive it is; empty while nobody has claimed it. */
  public Optional<SystemIdentifier> owner() {
    return server.identity().map(identity -> new SystemIdentifier(identity.systemIdentifier()));
  }

  /**
   * Archives a segment that has come whole. When it returns, the segment is durable; the file is left alone.
   *
   * @throws BarmanException WAL_INVALID when the file is not this segment, REPOSITORY_OTHER_SYSTEM when it is another cluster's,
   *     WAL_DIFFERS when the archive has the segment with other content, which is put into the quarantine
   */
  public Stored store(WalSegment segment, Path file, SystemIdentifier system) {
    SegmentFile content = new SegmentFile(segment, file, spoolFiles);
    try {
      WalPageHeader first = content.validateBeginning(system);
      requireSize(segment);
      String key = WalKeys.of(segment);
      if (objects.contains(key)) {
        return compare(key, content);
      }
      WalIndex index = indexOf(content, first);
      content.validateEnd(first, index.whole());
      SegmentAttributes attributes = new SegmentAttributes(segment.size(), system, index);
      try (InputStream in = content.open();
          SealedUpload upload = objects.create(key, attributes.encode())) {
        in.transferTo(upload.out());
        return upload.commitIfAbsent() ? new Stored(segment, true, index) : compare(key, content);
      }
    } catch (IOException e) {
      throw failed("archiving " + file, e);
    }
  }

  private synchronized WalIndex indexOf(SegmentFile file, WalPageHeader first) throws IOException {
    try (InputStream in = file.open()) {
      return indexer.index(file.segment(), in, first.continuesRecord());
    }
  }

  private Stored compare(String key, SegmentFile content) throws IOException {
    try (InputStream stored = objects.open(key);
        InputStream offered = content.open()) {
      if (sameBytes(stored, offered)) {
        return new Stored(content.segment(), false, index(content.segment()));
      }
    }
    String kept = quarantine.keep(content.segment().name(), content::open);
    throw new BarmanException(
        ErrorCode.WAL_DIFFERS,
        "segment " + content.segment() + " in " + content.path()
            + " is not the one that the archive has; it is kept as " + kept,
        "do two servers, or a copy made for tests, archive under the same server name? find out which one is right before anything else");
  }

  /**
   * Keeps a file that archive_command gives besides segments and histories; no recovery needs it.
   *
   * @return false when the archive had it already
   * @throws BarmanException WAL_DIFFERS when the archive has another one of that name
   */
  boolean storeCompanion(String name, Path file) throws IOException {
    String key = WalKeys.ofCompanion(name);
    try (InputStream in = Files.newInputStream(file);
        SealedUpload upload = objects.create(key, new byte[0])) {
      in.transferTo(upload.out());
      if (upload.commitIfAbsent()) {
        return true;
      }
    }
    try (InputStream stored = objects.open(key);
        InputStream offered = Files.newInputStream(file)) {
      if (sameBytes(stored, offered)) {
        return false;
      }
    }
    throw new BarmanException(
        ErrorCode.WAL_DIFFERS,
        file + " is not the one that the archive has",
        "do two servers, or a copy made for tests, archive under the same server name? find out which one is right before anything else");
  }

  /** Keeps a file that must not be used, once however often it comes; returns its key. */
  String quarantine(String name, Path file) throws IOException {
    return quarantine.keep(name, () -> Files.newInputStream(file));
  }

  private static boolean sameBytes(InputStream one, InputStream other) throws IOException {
    byte[] a = new byte[64 << 10];
    while (true) {
      int read = one.readNBytes(a, 0, a.length);
      byte[] b = other.readNBytes(a.length);
      if (read != b.length || Arrays.mismatch(a, 0, read, b, 0, read) >= 0) {
        return false;
      }
      if (read == 0) {
        return true;
      }
    }
  }

  private void requireSize(WalSegment segment) {
    Optional<WalSegmentSize> size = segmentSize();
    if (size.isPresent() && !size.get().equals(segment.size())) {
      throw new BarmanException(
          ErrorCode.WAL_INVALID,
          "segment " + segment + " is one of " + segment.size() + ", the archive's are of "
              + size.get(),
          "the size was changed (pg_resetwal --wal-segsize): begin a new server name in the repository");
    }
    segmentSize = segment.size();
  }

  /** The size of the archive's segments; empty while it has none. */
  public Optional<WalSegmentSize> segmentSize() {
    WalSegmentSize known = segmentSize;
    if (known == null) {
      for (String key : objects.list(WalKeys.ALL)) {
        if (WalKeys.segmentIn(key).isPresent()) {
          known = attributes(key).size();
          segmentSize = known;
          break;
        }
      }
    }
    return Optional.ofNullable(known);
  }

  /** The key of a segment's object, relative to the server. */
  public static String objectOf(WalSegment segment) {
    return WalKeys.of(segment);
  }

  /** All segments, in order of timeline and number. */
  public List<WalSegment> segments() {
    List<WalSegment> segments = new ArrayList<>();
    for (String key : objects.list(WalKeys.ALL)) {
      WalKeys.segmentIn(key).ifPresent(name -> segments.add(WalSegment.parse(name, sizeFrom(key))));
    }
    segments.sort(null);
    return segments;
  }

  private WalSegmentSize sizeFrom(String key) {
    WalSegmentSize known = segmentSize;
    if (known == null) {
      known = attributes(key).size();
      segmentSize = known;
    }
    return known;
  }

  public WalCoverage coverage() {
    return WalCoverage.of(segments());
  }

  public boolean contains(WalSegment segment) {
    return objects.contains(WalKeys.of(segment));
  }

  /**
   * The index of an archived segment.
   *
   * @throws IntegrityException when it is damaged
   */
  public WalIndex index(WalSegment segment) {
    return attributes(WalKeys.of(segment)).index();
  }

  private SegmentAttributes attributes(String key) {
    return SegmentAttributes.decode(key, objects.attributes(key));
  }

  /**
   * The plain bytes of a segment. Reading throws IntegrityException instead of giving out its last bytes when the object is damaged.
   */
  public InputStream open(WalSegment segment) {
    return objects.open(WalKeys.of(segment));
  }

  /**
   * Writes a segment durably to a file, which appears whole or not at all; an existing one is replaced.
   *
   * @throws IntegrityException when the archive's object is damaged
   */
  public void fetch(WalSegment segment, Path target) {
    try (InputStream in = open(segment);
        DurableFile file = DurableFile.create(target)) {
      long length = in.transferTo(file.out());
      if (length != segment.size().bytes()) {
        throw new IntegrityException(
            ErrorCode.REPOSITORY_DAMAGED,
            "segment " + segment + " has " + length + " bytes in the archive instead of "
                + segment.size().bytes(),
            "restore the object from a copy of the repository");
      }
      file.commit();
    } catch (IOException e) {
      throw failed("writing " + target, e);
    }
  }

  /**
   * Archives the history of a timeline; the same once more changes nothing.
   *
   * @param content the history file, as the server has it
   * @return false when the archive had it already
   * @throws BarmanException TIMELINE_HISTORY_INVALID when it cannot be read; WAL_DIFFERS when the archive has another one for this
   *     timeline: the new one is put into the quarantine, and its timeline must not be used
   */
  public boolean storeHistory(Timeline timeline, byte[] content) {
    return histories.store(timeline, content);
  }

  /** The history file of a timeline; empty when the archive has none, as for the first timeline. */
  public Optional<byte[]> history(Timeline timeline) {
    return histories.content(timeline);
  }

  /** The history of a timeline; one without ancestors when the archive has no file for it. */
  public TimelineHistory historyOf(Timeline timeline) {
    return histories.of(timeline);
  }

  /** All histories that have a file, in order of their timelines. */
  public List<TimelineHistory> histories() {
    return histories.all();
  }

  /** What has come under a name that was taken by other content; it should be empty. */
  public List<String> quarantined() {
    return quarantine.keys();
  }

  /**
   * Writes down that a part of the log was not received; the same once more replaces what was said of it. When it returns, the record
   * is durable.
   */
  public void recordGap(WalGap gap) {
    gaps.record(gap);
  }

  /**
   * The recorded gaps that are still open, in order. One that was filled later, by archive_command for instance, is not among them, and
   * of one that was filled in part only the rest.
   */
  public List<WalGap> gaps() {
    List<WalGap> recorded = gaps.recorded();
    if (recorded.isEmpty()) {
      return recorded;
    }
    WalCoverage coverage = coverage();
    List<WalGap> open = new ArrayList<>();
    for (WalGap gap : recorded) {
      coverage
          .firstMissing(historyOf(gap.timeline()), gap.from(), gap.to(), gap.segmentSize())
          .ifPresent(missing -> open.add(gap.from(missing.start())));
    }
    return List.copyOf(open);
  }

  private Optional<SegmentReader.Before> before(WalSegment segment) {
    if (segment.number() == 0) {
      return Optional.empty();
    }
    TimelineHistory history = histories.of(segment.timeline());
    WalSegment previous = WalCoverage.onPath(history, segment.previous());
    if (!contains(previous)) {
      return Optional.empty();
    }
    return Optional.of(new ArchivedBefore(this, previous, index(previous).end()));
  }

  private record ArchivedBefore(WalArchive archive, WalSegment segment, Lsn end)
      implements SegmentReader.Before {
    @Override
    public InputStream open() {
      return archive.open(segment);
    }
  }

  private static BarmanException failed(String doing, IOException e) {
    return new BarmanException(
        ErrorCode.IO, doing + " failed: " + e, "check the space and the permissions there", e);
  }
}
