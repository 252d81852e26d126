package io.github.barman4j.postgres;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/** Writes log as a server does, into memory: pages, records over several of them, switches, records given up. */
final class WalComposer {
  static final WalSegmentSize SEGMENT_SIZE = new WalSegmentSize(1 << 20);
  static final SystemIdentifier SYSTEM = new SystemIdentifier(7_711_252_553_973_266_279L);
  static final int PAGE = 8192;

  /** A resource manager whose bodies nobody looks at. */
  static final int HEAP = 10;

  private static final int CONTINUES = 1;
  private static final int LONG = 2;

  /** A record as it should be read; {@code lastByte} is the position after its last byte, before any padding. */
  record Written(Lsn start, Lsn end, Lsn lastByte, long xid, int manager, int info, byte[] body) {}

  private final WalFormat format;
  private final WalSegment first;
  private final List<Written> written = new ArrayList<>();
  private byte[] bytes = new byte[4 * PAGE];
  private int timeline;
  private int length;
  private long previous;

  WalComposer(WalFormat format, WalSegment first) {
    this.format = format;
    this.first = first;
    this.timeline = first.timeline().id();
  }

  WalComposer() {
    this(WalFormat.V18, new WalSegment(Timeline.FIRST, 5, SEGMENT_SIZE));
  }

  WalSegment first() {
    return first;
  }

  List<Written> written() {
    return written;
  }

  /** The log so far, cut after its last byte. */
  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** The log so far, with zeros up to the end of the segment. */
  byte[] segments() {
    int size = SEGMENT_SIZE.bytes();
    return Arrays.copyOf(bytes, (length + size - 1) / size * size);
  }

  WalReader reader() {
    return WalReader.open(new ByteArrayInputStream(bytes()), first);
  }

  Lsn position() {
    return first.start().plus(length);
  }

  /** Pages from the next one on are of this timeline. */
  WalComposer timeline(int id) {
    timeline = id;
    return this;
  }

  /** A record whose body nobody looks at. */
  Written record(long xid, int bodyLength) {
    byte[] body = new byte[bodyLength];
    Arrays.fill(body, (byte) (bodyLength * 31 + xid));
    return record(HEAP, 0x20, xid, body);
  }

  /** A record with main data behind the header that says how long it is (xlogrecord.h, XLogRecordDataHeaderLong). */
  Written withData(int manager, int info, long xid, byte[] data) {
    ByteBuffer body = buffer(5 + data.length);
    body.put((byte) 254).putInt(data.length).put(data);
    return record(manager, info, xid, body.array());
  }

  Written record(int manager, int info, long xid, byte[] body) {
    if (length % PAGE == 0) {
      page(0, 0);
    }
    long start = first.start().value() + length;
    put(encode(manager, info, xid, previous, body));
    Lsn lastByte = position();
    length = (length + 7) & -8;
    if (manager == 0 && info == 0x40) {
      int size = SEGMENT_SIZE.bytes();
      length = (length + size - 1) / size * size;
    }
    grow(0);
    previous = start;
    Written record = new Written(new Lsn(start), position(), lastByte, xid, manager, info, body);
    written.add(record);
    return record;
  }

  /** A record that fills the rest of this page and is given up there: the next page begins with another. */
  Lsn giveUp(int bodyLength) {
    if (length % PAGE == 0) {
      page(0, 0);
    }
    Lsn start = position();
    byte[] record = encode(HEAP, 0, 3, previous, new byte[bodyLength]);
    int room = PAGE - length % PAGE;
    if (record.length <= room) {
      throw new IllegalArgumentException("the record fits into " + room + " bytes");
    }
    put(Arrays.copyOf(record, room));
    page(format.overwritesRecord, 0);
    return start;
  }

  /** Fills the page with a record so that {@code left} bytes of it are free, a multiple of 8. */
  void leave(int left) {
    if (length % PAGE == 0) {
      page(0, 0);
    }
    record(2, PAGE - length % PAGE - left - RecordHeader.LENGTH);
  }

  static byte[] encode(int manager, int info, long xid, long previous, byte[] body) {
    ByteBuffer record = buffer(RecordHeader.LENGTH + body.length);
    record.putInt(record.capacity()).putInt((int) xid).putLong(previous);
    record.put((byte) info).put((byte) manager).putShort((short) 0);
    CRC32C checksum = new CRC32C();
    checksum.update(body);
    checksum.update(record.array(), 0, RecordHeader.CHECKED_LENGTH);
    return record.putInt((int) checksum.getValue()).put(body).array();
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void put(byte[] record) {
    for (int done = 0; done < record.length; ) {
      if (length % PAGE == 0) {
        page(done == 0 ? 0 : CONTINUES, record.length - done);
      }
      int piece = Math.min(record.length - done, PAGE - length % PAGE);
      grow(piece);
      System.arraycopy(record, done, bytes, length, piece);
      length += piece;
      done += piece;
    }
  }

  private void page(int flags, int remaining) {
    boolean isFirst = length % SEGMENT_SIZE.bytes() == 0;
    ByteBuffer header = buffer(isFirst ? WalPageHeader.LONG_LENGTH : WalPageHeader.SHORT_LENGTH);
    header.putShort((short) format.magic).putShort((short) (flags | (isFirst ? LONG : 0)));
    header.putInt(timeline).putLong(position().value()).putInt(remaining).putInt(0);
    if (isFirst) {
      header.putLong(SYSTEM.value()).putInt(SEGMENT_SIZE.bytes()).putInt(PAGE);
    }
    grow(header.capacity());
    System.arraycopy(header.array(), 0, bytes, length, header.capacity());
    length += header.capacity();
  }

  private void grow(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * (length + more));
    }
  }
}
