package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalRecord.TransactionEnd;
import io.github.barman4j.postgres.WalSegment;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is in the segments, wherever each lies: in the archive, or in a receiver's spool. Indexes come from the archive; where it has
 * none, or one that lacks the record which runs into the segment, the segment is read on the spot. Not thread-safe.
 */
public final class SegmentLog {
  private static final int BUFFER = 128 << 10;

  private final WalArchive archive;
  private final Map<WalSegment, PartialSegment> spool = new HashMap<>();

  /** @param spool what the receiver has; segments that the archive has too are taken from there */
  public SegmentLog(WalArchive archive, Collection<PartialSegment> spool) {
    this.archive = archive;
    spool.forEach(partial -> this.spool.put(partial.segment(), partial));
  }

  /**
   * What a recovery can stop at in a segment that is in the archive or in the spool.
   *
   * @throws BarmanException IO when it cannot be read
   */
  public WalIndex index(WalSegment segment) {
    if (archive.contains(segment)) {
      WalIndex stored = archive.index(segment);
      if (!stored.headless() || before(segment).isEmpty()) {
        return stored;
      }
    }
    try (InputStream content = open(segment)) {
      SegmentReader reader = reader(segment, content);
      return new SegmentScan(segment).read(reader.records(), reader.headless());
    } catch (IOException e) {
      throw failed(segment, e);
    }
  }

  /** The first end of a transaction in a segment, by the lower 32 bits of its id. */
  public Optional<TransactionEnd> transactionEnd(WalSegment segment, long xid) {
    return transactionEnd(segment, end -> (int) end.xid() == (int) xid);
  }

  /** The first end of a transaction in a segment that is of a kind; the records are read. */
  public Optional<TransactionEnd> transactionEnd(
      WalSegment segment, Predicate<TransactionEnd> kind) {
    try (InputStream content = open(segment)) {
      WalReader records = reader(segment, content).records();
      for (WalRecord record = records.next(); record != null; record = records.next()) {
        if (record instanceof TransactionEnd end && kind.test(end)) {
          return Optional.of(end);
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw failed(segment, e);
    }
  }

  private SegmentReader reader(WalSegment segment, InputStream content) throws IOException {
    content.mark(WalPageHeader.LONG_LENGTH);
    byte[] head = content.readNBytes(WalPageHeader.LONG_LENGTH);
    content.reset();
    return SegmentReader.open(segment, content, runsInto(head), this::before);
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
    if (segment.number() == 0) {
      return Optional.empty();
    }
    WalSegment previous =
        WalCoverage.onPath(archive.historyOf(segment.timeline()), segment.previous());
    return spool.containsKey(previous) || archive.contains(previous)
        ? Optional.of(new Neighbour(previous))
        : Optional.empty();
  }

  private final class Neighbour implements SegmentReader.Before {
    private final WalSegment segment;

    Neighbour(WalSegment segment) {
      this.segment = segment;
    }

    @Override
    public WalSegment segment() {
      return segment;
    }

    @Override
    public Lsn end() {
      return index(segment).end();
    }

    @Override
    public InputStream open() throws IOException {
      return SegmentLog.this.open(segment);
    }
  }

  /** From the spool, or from the archive where the receiver has moved it in the meantime. */
  private InputStream open(WalSegment segment) throws IOException {
    PartialSegment partial = archive.contains(segment) ? null : spool.get(segment);
    InputStream file =
        partial == null ? null : archive.spoolFiles().open(partial).orElse(null);
    return file == null ? new BufferedInputStream(archive.open(segment), BUFFER) : file;
  }

  private static BarmanException failed(WalSegment segment, IOException e) {
    return new BarmanException(
        ErrorCode.IO,
        "segment " + segment + " cannot be read: " + e,
        "check the disk, and the permissions of spool and repository",
        e);
  }
}
