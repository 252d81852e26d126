package io.github.barman4j.postgres;

import io.github.barman4j.postgres.WalStop.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Iterates the complete, checksummed records of a stretch of write-ahead log, and says exactly where the last one ends and why.
 *
 * <p>What is believed, and what is not, follows xlogreader.c (XLogDecodeNextRecord, XLogFindNextRecord, ValidXLogRecordHeader,
 * ValidXLogRecord, 15–18); besides, no page may be of a timeline above the segment's own.
 *
 * <pre>{@code
 * WalReader reader = WalReader.open(stream, segment);
 * for (WalRecord record = reader.next(); record != null; record = reader.next()) {
 *   …
 * }
 * WalStop stop = reader.stop();
 * }</pre>
 *
 * <p>A record that goes on in the next segment is not lost: the reader stops with {@link Reason#END_OF_DATA}, and {@link
 * #continueWith} hands it that segment's bytes. So, to have the record that runs <em>into</em> a segment, begin a segment earlier.
 *
 * <p>Memory: a window of 256 KiB, and the body of the record being read if its content matters, at most 64 MiB. Not thread-safe.
 * Blocks as the source does, and closes nothing.
 */
public final class WalReader {
  private static final int HEADER = 24;
  private static final int CHECKED_HEADER = 20;
  private static final int LONGEST_RECORD = 1 << 30;
  private static final int LARGEST_BODY = 64 << 20;
  private static final int LAST_BUILT_IN_MANAGER = 31;
  private static final int FIRST_CUSTOM_MANAGER = 128;

  private final WalBytes bytes;
  private final WalPages pages;
  private final WalSegmentSize segmentSize;
  private final CRC32C checksum = new CRC32C();
  private final byte[] head = new byte[HEADER];
  private final KeptBody body;

  private final long origin;
  private @Nullable Lsn wanted;
  private boolean started;
  private long position;
  private long end;
  private long previous;
  private boolean linked;
  private @Nullable WalStop stop;

  // The record in hand.
  private long start;
  private int total;
  private int got;

  private WalReader(InputStream source, WalSegment segment, int largestBody) {
    origin = segment.start().value();
    position = origin;
    end = origin;
    segmentSize = segment.size();
    bytes = new WalBytes(source, origin);
    pages = new WalPages(bytes, segmentSize, segment.timeline());
    body = new KeptBody(largestBody);
  }

  /**
   * Reads from the first record that begins in a segment; the rest of one that began before it is skipped.
   *
   * @param source the log from the segment's first byte on; may hold less than the segment, or segments after it
   */
  public static WalReader open(InputStream source, WalSegment segment) {
    return new WalReader(source, segment, LARGEST_BODY);
  }

  /** As {@link #open(InputStream, WalSegment)}, with another limit for bodies. */
  static WalReader open(InputStream source, WalSegment segment, int largestBody) {
    return new WalReader(source, segment, largestBody);
  }

  /**
   * Reads from the record at this position instead, which must be the start of one, or of a page that begins with one. To be called
   * before the first {@link #next()}. Pages before it are passed over unchecked, but for the first.
   */
  public WalReader from(Lsn record) {
    if (started || record.isBefore(new Lsn(origin))) {
      throw new IllegalStateException("reading has begun, or begins after " + record);
    }
    wanted = record;
    return this;
  }

  /** Refuses segments of any other cluster. To be called before the first {@link #next()}. */
  public WalReader expecting(SystemIdentifier system) {
    pages.expect(system);
    return this;
  }

  /**
   * Goes on after {@link Reason#END_OF_DATA}, a record in hand included.
   *
   * @param next the log from {@link #dataEnd()} on
   * @param timeline the highest that pages may have from there on
   */
  public void continueWith(InputStream next, Timeline timeline) {
    if (stop == null || stop.reason() != Reason.END_OF_DATA) {
      throw new IllegalStateException("reading has not stopped for want of data");
    }
    bytes.append(next);
    pages.upTo(timeline);
    stop = null;
  }

  /** Position after the last byte that was read from the source. */
  public Lsn dataEnd() {
    return new Lsn(bytes.end());
  }

  /** Position after the last record given out; where reading began before the first. */
  public Lsn end() {
    return new Lsn(end);
  }

  /** The header of the page that is being read; of the segment's first page at first. Absent before the first {@link #next()}. */
  public Optional<WalPageHeader> page() {
    return pages.blockSize() == 0 ? Optional.empty() : Optional.of(pages.current());
  }

  /** Why {@link #next()} returned null; only then. */
  public WalStop stop() {
    if (stop == null) {
      throw new IllegalStateException("reading has not stopped");
    }
    return stop;
  }

  /**
   * The next record, or null at the stop; then {@link #stop()} says more.
   *
   * @throws IOException if the source does
   * @throws io.github.barman4j.BarmanException (WAL_INVALID) if a record whose checksum is right has content that cannot be read,
   *     which no server writes
   */
  public @Nullable WalRecord next() throws IOException {
    if (stop != null || !started && !begin()) {
      return null;
    }
    while (got > 0 || announce()) {
      if (got == 0 && total <= pageEnd() - position && bytes.available(position, total) == total) {
        return whole();
      }
      if (!gather()) {
        return null;
      }
      if (got == total) {
        return gathered();
      }
    }
    return null;
  }

  /** Enters the first page and goes to where the first record has to begin; can be called again after more data has come. */
  private boolean begin() throws IOException {
    if (pages.blockSize() == 0 && !enterPage()) {
      return false;
    }
    if (wanted == null ? !skipContinuation() : !goTo(wanted.value())) {
      return false;
    }
    end = position;
    started = true;
    return true;
  }

  private boolean skipContinuation() throws IOException {
    while (true) {
      if (position % pages.blockSize() == 0 && !enterPage()) {
        return false;
      }
      WalPageHeader page = pages.current();
      long skip = page.continuesRecord() ? Bytes.align8(page.remaining()) : 0;
      if (skip < pageEnd() - position) {
        position += skip;
        return true;
      }
      position = pageEnd();
    }
  }

  private boolean goTo(long record) throws IOException {
    long offset = record % pages.blockSize();
    if (record - offset != origin) {
      position = record - offset;
      if (!enterPage()) {
        return false;
      }
    }
    if (offset != 0 && (offset < pages.current().length() || offset % 8 != 0)) {
      return halt(Reason.BAD_RECORD_HEADER, record, "no record can begin here");
    }
    position = offset == 0 ? position : record;
    return true;
  }

  /** Reads the length of the record at the current position, and its header as far as it lies on this page. */
  private boolean announce() throws IOException {
    if (position % pages.blockSize() == 0 && !enterPage()) {
      return false;
    }
    WalPageHeader page = pages.current();
    if (page.continuesRecord() && position == page.address().value() + page.length()) {
      return halt(
          Reason.BROKEN_CONTINUATION, position, "a page carries on a record that had not begun");
    }
    start = position;
    int shown = (int) Math.min(HEADER, pageEnd() - position);
    int have = bytes.available(position, shown);
    if (have < shown) {
      return halt(Reason.END_OF_DATA, dataEnd().value(), "no more data");
    }
    int at = bytes.index(position);
    total = Bytes.int32(bytes.array(), at);
    if (total == 0 && Bytes.isZero(bytes.array(), at, at + shown)) {
      return halt(Reason.ZEROS, position, "zeros instead of a record");
    }
    if (total < HEADER || total > LONGEST_RECORD) {
      return halt(
          Reason.BAD_RECORD_HEADER,
          position,
          "a record length of " + Integer.toUnsignedString(total));
    }
    return shown < HEADER || plausible(bytes.array(), at);
  }

  /** Judges a complete record header by what can be known before the checksum. */
  private boolean plausible(byte[] array, int at) {
    int manager = Bytes.unsigned8(array, at + 17);
    if (manager > LAST_BUILT_IN_MANAGER && manager < FIRST_CUSTOM_MANAGER) {
      return halt(Reason.BAD_RECORD_HEADER, start, "resource manager " + manager);
    }
    long link = Bytes.int64(array, at + 8);
    if (linked ? link != previous : Long.compareUnsigned(link, start) >= 0) {
      return halt(
          Reason.BAD_RECORD_HEADER, start, "a link to " + new Lsn(link) + " as the record before");
    }
    return true;
  }

  /** A record that lies in the window as one piece. */
  private @Nullable WalRecord whole() {
    byte[] array = bytes.array();
    int at = bytes.index(position);
    checksum.reset();
    checksum.update(array, at + HEADER, total - HEADER);
    checksum.update(array, at, CHECKED_HEADER);
    if ((int) checksum.getValue() != Bytes.int32(array, at + CHECKED_HEADER)) {
      halt(Reason.BAD_CHECKSUM, start, "a record with a wrong checksum");
      return null;
    }
    position += total;
    return accept(array, at, array, at + HEADER, total - HEADER);
  }

  /** Collects a record piece by piece; false at the stop, true when it is complete or has been overwritten. */
  private boolean gather() throws IOException {
    if (got == 0) {
      checksum.reset();
      body.clear();
    }
    while (got < total) {
      if (position % pages.blockSize() == 0) {
        if (!enterPage()) {
          return false;
        }
        WalPageHeader page = pages.current();
        if (page.overwritesRecord()) {
          got = 0;
          return true;
        }
        if (!page.continuesRecord() || page.remaining() != total - got) {
          String found = page.continuesRecord() ? page.remaining() + " bytes" : "nothing";
          return halt(
              Reason.BROKEN_CONTINUATION,
              page.address().value(),
              "a page that carries on " + found + " instead of " + (total - got) + " bytes");
        }
      }
      int piece = bytes.available(position, (int) Math.min(total - got, pageEnd() - position));
      if (piece == 0) {
        return halt(Reason.END_OF_DATA, dataEnd().value(), "no more data");
      }
      if (!take(piece)) {
        return false;
      }
    }
    return true;
  }

  private boolean take(int piece) {
    byte[] array = bytes.array();
    int from = bytes.index(position);
    int toHead = Math.max(0, Math.min(HEADER - got, piece));
    System.arraycopy(array, from, head, Math.min(got, HEADER), toHead);
    boolean completed = got < HEADER && got + toHead == HEADER;
    position += piece;
    got += piece;
    if (completed) {
      if (!plausible(head, 0)) {
        return false;
      }
      body.expect(
          RecordDecoder.readsBody(Bytes.unsigned8(head, 17), Bytes.unsigned8(head, 16)),
          total - HEADER);
    }
    checksum.update(array, from + toHead, piece - toHead);
    body.add(array, from + toHead, piece - toHead);
    return true;
  }

  private @Nullable WalRecord gathered() {
    checksum.update(head, 0, CHECKED_HEADER);
    if ((int) checksum.getValue() != Bytes.int32(head, CHECKED_HEADER)) {
      halt(Reason.BAD_CHECKSUM, start, "a record with a wrong checksum");
      return null;
    }
    return accept(head, 0, body.array(), 0, body.length());
  }

  /** The record is proven: moves past it and decodes it from the part of its body that was kept. */
  private WalRecord accept(byte[] header, int at, byte[] content, int from, int length) {
    int info = Bytes.unsigned8(header, at + 16);
    int manager = Bytes.unsigned8(header, at + 17);
    position = Bytes.align8(position);
    if (manager == RecordDecoder.XLOG && (info & RecordDecoder.OPERATION) == RecordDecoder.SWITCH) {
      position += segmentSize.bytes() - 1;
      position -= segmentSize.offsetOf(new Lsn(position));
    }
    end = position;
    previous = start;
    linked = true;
    got = 0;
    WalFormat format = pages.current().format();
    RecordDecoder.Header facts = new RecordDecoder.Header(
        format, new Lsn(start), new Lsn(end), Bytes.unsigned32(header, at + 4), manager, info);
    if (!RecordDecoder.readsBody(manager, info)) {
      return RecordDecoder.decode(facts);
    }
    return length < total - HEADER
        ? RecordDecoder.decodeBeginning(facts, content, from, from + length)
        : RecordDecoder.decode(facts, content, from, from + length);
  }

  private boolean enterPage() throws IOException {
    WalPages.Fault fault = pages.enter(position);
    if (fault != null) {
      return halt(
          fault.reason(),
          fault.reason() == Reason.END_OF_DATA ? dataEnd().value() : position,
          fault.detail());
    }
    position += pages.current().length();
    return true;
  }

  private long pageEnd() {
    return pages.current().address().value() + pages.blockSize();
  }

  private boolean halt(Reason reason, long at, String detail) {
    Optional<Lsn> unfinished = got > 0 ? Optional.of(new Lsn(start)) : Optional.empty();
    stop = new WalStop(new Lsn(end), reason, new Lsn(at), detail, unfinished);
    return false;
  }
}
