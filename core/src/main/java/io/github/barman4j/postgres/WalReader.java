package io.github.barman4j.postgres;

import io.github.barman4j.postgres.WalStop.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
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
  private static final int LONGEST_RECORD = 1 << 30;
  private static final int LARGEST_BODY = 64 << 20;
  private static final int LAST_BUILT_IN_MANAGER = 31;
  private static final int FIRST_CUSTOM_MANAGER = 128;

  /** Is told which pages the records concern; see {@link #observing}. */
  public interface BlockObserver {
    void block(BlockReference reference);

    /** A record that makes or drops a database as a whole: none of its pages comes as a reference. */
    void database(long oid);
  }

  private final WalBytes bytes;
  private final WalPages pages;
  private final RecordInHand hand;
  private final WalSegmentSize segmentSize;
  private final long origin;
  private @Nullable Lsn wanted;
  private @Nullable BlockObserver observer;

  /** Whether {@link #position} has come to where the first record has to begin. */
  private boolean begun;

  /** The next byte to look at. */
  private long position;

  /** Where the record in hand begins. */
  private long start;

  /** Where the last record began; known once there was one. */
  private long previous;

  private boolean linked;
  private long end;
  private @Nullable WalStop stop;

  private WalReader(InputStream source, WalSegment segment, int largestBody) {
    origin = segment.start().value();
    position = origin;
    end = origin;
    segmentSize = segment.size();
    bytes = new WalBytes(source, origin);
    pages = new WalPages(bytes, segmentSize, segment.timeline());
    hand = new RecordInHand(largestBody);
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
    if (begun || record.isBefore(new Lsn(origin))) {
      throw new IllegalStateException("reading has begun, or begins after " + record);
    }
    wanted = record;
    end = record.value();
    return this;
  }

  /** Tells the pages of each record just before {@link #next()} gives it out. To be called before the first {@link #next()}. */
  public WalReader observing(BlockObserver told) {
    observer = told;
    hand.keepAll();
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
    if (stop != null || !begun && !begin()) {
      return null;
    }
    while (hand.isBegun() || announce()) {
      if (!hand.isBegun() && isAtHand()) {
        byte[] array = bytes.array();
        int at = bytes.index(position);
        position += hand.total();
        return hand.isRight(array, at)
            ? accept(array, at, array, at + RecordHeader.LENGTH, hand.total() - RecordHeader.LENGTH)
            : badChecksum();
      }
      if (!gather()) {
        return null;
      }
      if (hand.missing() == 0) {
        return hand.isRight()
            ? accept(hand.header(), 0, hand.body(), 0, hand.bodyLength())
            : badChecksum();
      }
    }
    return null;
  }

  /** Goes to where the first record has to begin; can be called again after more data has come. */
  private boolean begin() throws IOException {
    if (pages.blockSize() == 0 && !enterPage()) {
      return false;
    }
    begun = wanted == null ? skipContinuation() : goTo(wanted.value());
    end = begun ? position : end;
    return begun;
  }

  private boolean skipContinuation() throws IOException {
    while (true) {
      if (offsetInPage(position) == 0 && !enterPage()) {
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
    int offset = offsetInPage(record);
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

  /** Reads the length of the record at the current position, and judges its header as far as it lies on this page. */
  private boolean announce() throws IOException {
    if (offsetInPage(position) == 0 && !enterPage()) {
      return false;
    }
    WalPageHeader page = pages.current();
    if (page.continuesRecord() && position == page.address().value() + page.length()) {
      return halt(
          Reason.BROKEN_CONTINUATION, position, "a page carries on a record that had not begun");
    }
    start = position;
    int shown = (int) Math.min(RecordHeader.LENGTH, pageEnd() - position);
    int have = bytes.available(position, shown);
    int at = bytes.index(position);
    boolean empty = Bytes.isZero(bytes.array(), at, at + have);
    if (have < shown) {
      return halt(Reason.END_OF_DATA, bytes.end(), "no more data", !empty);
    }
    int total = RecordHeader.total(bytes.array(), at);
    if (empty) {
      return halt(Reason.ZEROS, position, "zeros instead of a record");
    }
    if (total < RecordHeader.LENGTH || total > LONGEST_RECORD) {
      return halt(
          Reason.BAD_RECORD_HEADER,
          position,
          "a record length of " + Integer.toUnsignedString(total));
    }
    hand.expect(total);
    return shown < RecordHeader.LENGTH || isPlausible(bytes.array(), at);
  }

  /** Judges a complete record header by what can be known before the checksum. */
  private boolean isPlausible(byte[] array, int at) {
    int manager = RecordHeader.resourceManager(array, at);
    if (manager > LAST_BUILT_IN_MANAGER && manager < FIRST_CUSTOM_MANAGER) {
      return halt(Reason.BAD_RECORD_HEADER, start, "resource manager " + manager);
    }
    long link = RecordHeader.link(array, at);
    if (linked ? link != previous : Long.compareUnsigned(link, start) >= 0) {
      return halt(
          Reason.BAD_RECORD_HEADER, start, "a link to " + new Lsn(link) + " as the record before");
    }
    return true;
  }

  /** Whether the announced record lies on this page, and all of it in the window. */
  private boolean isAtHand() throws IOException {
    return hand.total() <= pageEnd() - position
        && bytes.available(position, hand.total()) == hand.total();
  }

  /** Takes the record piece by piece; false at the stop, true when it is complete or has been overwritten. */
  private boolean gather() throws IOException {
    while (hand.missing() > 0) {
      if (offsetInPage(position) == 0) {
        if (!enterPage()) {
          return false;
        }
        if (pages.current().overwritesRecord()) {
          hand.drop();
          return true;
        }
        if (!continues(pages.current())) {
          return false;
        }
      }
      int piece = bytes.available(position, (int) Math.min(hand.missing(), pageEnd() - position));
      if (piece == 0) {
        return halt(Reason.END_OF_DATA, bytes.end(), "no more data");
      }
      boolean judged = hand.hasHeader();
      hand.take(bytes.array(), bytes.index(position), piece);
      position += piece;
      if (!judged && hand.hasHeader() && !isPlausible(hand.header(), 0)) {
        return false;
      }
    }
    return true;
  }

  private boolean continues(WalPageHeader page) {
    if (page.continuesRecord() && page.remaining() == hand.missing()) {
      return true;
    }
    String found = page.continuesRecord() ? page.remaining() + " bytes" : "nothing";
    return halt(
        Reason.BROKEN_CONTINUATION,
        page.address().value(),
        "a page that carries on " + found + " instead of " + hand.missing() + " bytes");
  }

  /** The record is proven: moves past it and decodes it from what there is of its body. */
  private WalRecord accept(byte[] header, int at, byte[] content, int from, int length) {
    int info = RecordHeader.info(header, at);
    int manager = RecordHeader.resourceManager(header, at);
    position = Bytes.align8(position);
    if (manager == RecordDecoder.XLOG && (info & RecordDecoder.OPERATION) == RecordDecoder.SWITCH) {
      position += segmentSize.bytes() - 1;
      position -= segmentSize.offsetOf(new Lsn(position));
    }
    end = position;
    previous = start;
    linked = true;
    hand.drop();
    RecordDecoder.Header facts = new RecordDecoder.Header(
        pages.current().format(),
        new Lsn(start),
        new Lsn(end),
        RecordHeader.xid(header, at),
        manager,
        info);
    if (observer != null) {
      int total = hand.total() - RecordHeader.LENGTH;
      RecordBlocks.read(manager, content, from, from + length, total, observer);
    }
    if (!RecordDecoder.readsBody(manager, info)) {
      return RecordDecoder.decode(facts);
    }
    return length < hand.total() - RecordHeader.LENGTH
        ? RecordDecoder.decodeBeginning(facts, content, from, from + length)
        : RecordDecoder.decode(facts, content, from, from + length);
  }

  private boolean enterPage() throws IOException {
    WalPages.Fault fault = pages.enter(position);
    if (fault != null) {
      return halt(
          fault.reason(),
          fault.reason() == Reason.END_OF_DATA ? bytes.end() : position,
          fault.detail());
    }
    position += pages.current().length();
    return true;
  }

  private int offsetInPage(long address) {
    return (int) address & (pages.blockSize() - 1);
  }

  private long pageEnd() {
    return pages.current().address().value() + pages.blockSize();
  }

  private @Nullable WalRecord badChecksum() {
    halt(Reason.BAD_CHECKSUM, start, "a record with a wrong checksum", false);
    return null;
  }

  private boolean halt(Reason reason, long at, String detail) {
    return halt(reason, at, detail, hand.isBegun() && reason != Reason.BAD_RECORD_HEADER);
  }

  private boolean halt(Reason reason, long at, String detail, boolean unfinished) {
    Optional<Lsn> torn = unfinished ? Optional.of(new Lsn(start)) : Optional.empty();
    stop = new WalStop(new Lsn(end), reason, new Lsn(at), detail, torn);
    return false;
  }
}
