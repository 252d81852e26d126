package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Write-ahead log of PostgreSQL 15 as a server would write it, made record by record in segments of 1 MiB. */
public final class TestLog {
  public static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  public static final SystemIdentifier SYSTEM = new SystemIdentifier(7301234567890123456L);

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final int PAGE = 8192;
  private static final int RECORD_HEADER = 24;
  private static final int XLOG = 0;
  private static final int TRANSACTION = 1;
  private static final int HEAP = 10;

  /** A record that was written. */
  public record Entry(String kind, Lsn start, Lsn end, long xid, Instant time) {}

  private final List<Entry> entries = new ArrayList<>();
  private final SystemIdentifier system;
  private Timeline timeline;
  private WalSegment first;
  private ByteBuffer log;
  private Lsn previous = Lsn.INVALID;

  public TestLog(long firstSegment) {
    this(SYSTEM, Timeline.FIRST, firstSegment);
  }

  public TestLog(SystemIdentifier system, Timeline timeline, long firstSegment) {
    this.system = system;
    this.timeline = timeline;
    this.first = new WalSegment(timeline, firstSegment, SIZE);
    this.log = little(4 << 20);
  }

  public List<Entry> entries() {
    return entries;
  }

  public Lsn position() {
    return first.start().plus(log.position());
  }

  public WalSegment firstSegment() {
    return first;
  }

  public Entry commit(long xid, Instant time) {
    return append("commit", TRANSACTION, 0x00, xid, time, timestamp(time));
  }

  Entry abort(long xid, Instant time) {
    return append("abort", TRANSACTION, 0x20, xid, time, timestamp(time));
  }

  /** COMMIT PREPARED: its own id differs from the one that was prepared. */
  Entry commitPrepared(long xid, Instant time) {
    ByteBuffer data = little(8 + 4 + 4);
    data.put(timestamp(time)).putInt(1 << 4).putInt((int) xid);
    Entry entry = append("commit", TRANSACTION, 0xB0, xid, 0, time, data.array());
    return entry;
  }

  public Entry restorePoint(String name, Instant time) {
    ByteBuffer data = little(8 + 64);
    data.put(timestamp(time)).put(name.getBytes(StandardCharsets.UTF_8));
    return append("point " + name, XLOG, 0x70, 0, time, data.array());
  }

  /** A change of so many bytes. */
  public Entry change(int bytes) {
    return append("change", HEAP, 0x00, 5, EPOCH, new byte[bytes]);
  }

  /** A change of a page of a relation in pg_default, without an image of it. */
  public Entry touch(long database, long relation, int fork, long block) {
    ByteBuffer body = little(4 + 12 + 4 + 8);
    body.put((byte) 0).put((byte) (0x20 | fork)).putShort((short) 8);
    body.putInt(1663).putInt((int) database).putInt((int) relation).putInt((int) block);
    return appendBody("touch", HEAP, 0x00, 5, 5, EPOCH, body.array());
  }

  /** A full-page image of a page of a relation in pg_default. */
  public Entry image(long database, long relation, int fork, long block) {
    ByteBuffer body = little(4 + 5 + 12 + 4 + 8);
    body.put((byte) 0).put((byte) (0x10 | fork)).putShort((short) 0);
    body.putShort((short) 8).putShort((short) 0).put((byte) 0x02);
    body.putInt(1663).putInt((int) database).putInt((int) relation).putInt((int) block);
    return appendBody("image", HEAP, 0x00, 5, 5, EPOCH, body.array());
  }

  /** Goes on with the next segment; zeros are left in this one. */
  public Entry switchSegment() {
    Entry entry = append("switch", XLOG, 0x40, 0, EPOCH, new byte[0]);
    while (log.position() % SIZE.bytes() != 0) {
      log.position(log.position() - log.position() % PAGE + PAGE);
      room(PAGE);
    }
    Entry whole = new Entry(entry.kind, entry.start, position(), 0, EPOCH);
    entries.set(entries.size() - 1, whole);
    return whole;
  }

  /** Fills up with changes until the next segment begins, or a little later. */
  public void fill() {
    long number = WalSegment.containing(timeline, position(), SIZE).number();
    while (WalSegment.containing(timeline, position(), SIZE).number() == number) {
      change(7000);
    }
  }

  /** A copy of this log that goes on as another timeline from here on. */
  public TestLog promoted(Timeline next, Instant time) {
    TestLog other = new TestLog(system, next, first.number());
    other.log = little(log.capacity());
    other.log.put(log.array(), 0, log.position());
    other.previous = previous;
    other.entries.addAll(entries);
    ByteBuffer data = little(16);
    data.put(timestamp(time)).putInt(next.id()).putInt(timeline.id());
    other.append("timeline", XLOG, 0x90, 0, time, data.array());
    return other;
  }

  /** All segments that are full. */
  public List<WalSegment> fullSegments() {
    List<WalSegment> full = new ArrayList<>();
    for (WalSegment segment = first; segment.end().compareTo(position()) <= 0; ) {
      full.add(segment.onTimeline(timeline));
      segment = segment.next();
    }
    return full;
  }

  /** The segment that is not full yet. */
  public WalSegment lastSegment() {
    return WalSegment.containing(timeline, position(), SIZE);
  }

  /** Writes a segment's file, zeros after what was written. */
  public Path write(Path directory, WalSegment segment) throws IOException {
    return Files.write(directory.resolve(segment.name()), bytes(segment));
  }

  Path writePartial(Path directory, WalSegment segment) throws IOException {
    return Files.write(PartialSegment.fileOf(directory, segment), bytes(segment));
  }

  byte[] bytes(WalSegment segment) {
    byte[] bytes = new byte[SIZE.bytes()];
    int from = (int) segment.start().minus(first.start());
    int length = Math.min(SIZE.bytes(), log.position() - from);
    System.arraycopy(log.array(), from, bytes, 0, length);
    return bytes;
  }

  private Entry append(String kind, int manager, int info, long xid, Instant time, byte[] data) {
    return append(kind, manager, info, xid, xid, time, data);
  }

  private Entry append(
      String kind, int manager, int info, long xid, long headerXid, Instant time, byte[] data) {
    int marker = data.length == 0 ? 0 : data.length < 256 ? 2 : 5;
    ByteBuffer body = little(marker + data.length);
    if (marker == 2) {
      body.put((byte) 255).put((byte) data.length);
    } else if (marker == 5) {
      body.put((byte) 254).putInt(data.length);
    }
    return appendBody(kind, manager, info, xid, headerXid, time, body.put(data).array());
  }

  private Entry appendBody(
      String kind, int manager, int info, long xid, long headerXid, Instant time, byte[] data) {
    if (log.position() % PAGE == 0) {
      pageHeader(0);
    }
    Lsn start = position();
    byte[] record = record(manager, info, headerXid, data);
    for (int done = 0; done < record.length; ) {
      room(2 * PAGE);
      if (log.position() % PAGE == 0) {
        pageHeader(record.length - done);
      }
      int step = Math.min(record.length - done, PAGE - log.position() % PAGE);
      log.put(record, done, step);
      done += step;
    }
    log.position(log.position() + 7 & ~7);
    previous = start;
    Entry entry = new Entry(kind, start, position(), xid, time);
    entries.add(entry);
    return entry;
  }

  private byte[] record(int manager, int info, long xid, byte[] data) {
    ByteBuffer record = little(RECORD_HEADER + data.length);
    record.putInt(record.capacity()).putInt((int) xid).putLong(previous.value());
    record.put((byte) info).put((byte) manager).putShort((short) 0).putInt(0);
    record.put(data);
    CRC32C crc = new CRC32C();
    crc.update(record.array(), RECORD_HEADER, record.capacity() - RECORD_HEADER);
    crc.update(record.array(), 0, 20);
    record.putInt(20, (int) crc.getValue());
    return record.array();
  }

  private void pageHeader(int remaining) {
    room(PAGE);
    boolean longHeader = log.position() % SIZE.bytes() == 0;
    Lsn address = position();
    log.putShort((short) 0xD110);
    log.putShort((short) (4 | (longHeader ? 2 : 0) | (remaining > 0 ? 1 : 0)));
    log.putInt(timeline.id()).putLong(address.value()).putInt(remaining).putInt(0);
    if (longHeader) {
      log.putLong(system.value()).putInt(SIZE.bytes()).putInt(PAGE);
    }
  }

  private void room(int bytes) {
    if (log.remaining() < bytes) {
      ByteBuffer larger = little(2 * log.capacity());
      larger.put(log.array(), 0, log.position());
      log = larger;
    }
  }

  private static byte[] timestamp(Instant time) {
    return little(8).putLong(ChronoUnit.MICROS.between(EPOCH, time)).array();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
