package io.github.barman4j.wal;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.wal.WalIndex.RestorePoint;
import io.github.barman4j.wal.WalIndex.TimeRange;
import io.github.barman4j.wal.WalIndex.TimelineStart;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What stands beside an archived segment in its object, so that it can be read without the segment. The bytes are those of
 * repository-format.md, section WAL.
 */
record SegmentAttributes(WalSegmentSize size, SystemIdentifier system, WalIndex index) {
  private static final int VERSION = 1;
  private static final int WHOLE = 1;
  private static final int HEADLESS = 2;
  private static final int TIMES = 4;
  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final Instant EARLIEST = time(Long.MIN_VALUE);
  private static final Instant LATEST = time(Long.MAX_VALUE);
  private static final int POINT_BYTES = 25;
  private static final int TIMELINE_BYTES = 10;

  byte[] encode() {
    VarInt.Writer out = new VarInt.Writer();
    ByteBuffer head = ByteBuffer.allocate(2 + 4 + 8 + 3 * 8);
    int flags = (index.whole() ? WHOLE : 0)
        | (index.headless() ? HEADLESS : 0)
        | (index.times().isPresent() ? TIMES : 0);
    head.put((byte) VERSION).put((byte) flags).putInt(size.bytes()).putLong(system.value());
    head.putLong(index.first().value())
        .putLong(index.last().value())
        .putLong(index.end().value());
    out.write(head.array());
    index.times().ifPresent(times -> {
      out.write(fixed(micros(times.earliest())));
      out.write(fixed(micros(times.latest())));
    });
    index.committed().write(out);
    index.aborted().write(out);
    out.write(index.restorePoints().size());
    for (RestorePoint point : index.restorePoints()) {
      byte[] name = point.name().getBytes(StandardCharsets.UTF_8);
      out.write(name.length);
      out.write(name);
      out.write(fixed(point.start().value()));
      out.write(fixed(point.end().value()));
      out.write(fixed(micros(point.time())));
    }
    out.write(index.timelines().size());
    for (TimelineStart start : index.timelines()) {
      out.write(start.timeline().id());
      out.write(start.previous().id());
      out.write(fixed(start.start().value()));
    }
    return out.toByteArray();
  }

  /** @throws IntegrityException when the bytes are not such attributes */
  static SegmentAttributes decode(String key, byte[] bytes) {
    try {
      return decode(ByteBuffer.wrap(bytes));
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the index in " + key + " cannot be read: " + e.getMessage(),
          "was it written by a later release? otherwise restore the object from a copy of the repository",
          e);
    }
  }

  private static SegmentAttributes decode(ByteBuffer in) {
    int version = in.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("version " + version + " is unknown");
    }
    int flags = in.get();
    int size = in.getInt();
    if (!WalSegmentSize.isValid(size)) {
      throw new IllegalArgumentException("a segment size of " + size + " bytes");
    }
    SystemIdentifier system = new SystemIdentifier(in.getLong());
    Lsn first = new Lsn(in.getLong());
    Lsn last = new Lsn(in.getLong());
    Lsn end = new Lsn(in.getLong());
    Optional<TimeRange> times = (flags & TIMES) == 0
        ? Optional.empty()
        : Optional.of(new TimeRange(time(in.getLong()), time(in.getLong())));
    XidSet committed = XidSet.read(in);
    XidSet aborted = XidSet.read(in);
    List<RestorePoint> points = points(in);
    List<TimelineStart> timelines = timelines(in);
    if (in.hasRemaining()) {
      throw new IllegalArgumentException(in.remaining() + " bytes too many");
    }
    WalIndex index = new WalIndex(
        first,
        last,
        end,
        (flags & WHOLE) != 0,
        (flags & HEADLESS) != 0,
        times,
        committed,
        aborted,
        points,
        timelines);
    return new SegmentAttributes(new WalSegmentSize(size), system, index);
  }

  private static List<RestorePoint> points(ByteBuffer in) {
    List<RestorePoint> points = new ArrayList<>();
    for (int left = VarInt.readCount(in, POINT_BYTES); left > 0; left--) {
      byte[] name = new byte[VarInt.readCount(in, 1)];
      in.get(name);
      points.add(new RestorePoint(
          new String(name, StandardCharsets.UTF_8),
          new Lsn(in.getLong()),
          new Lsn(in.getLong()),
          time(in.getLong())));
    }
    return points;
  }

  private static List<TimelineStart> timelines(ByteBuffer in) {
    List<TimelineStart> timelines = new ArrayList<>();
    for (int left = VarInt.readCount(in, TIMELINE_BYTES); left > 0; left--) {
      timelines.add(new TimelineStart(timeline(in), timeline(in), new Lsn(in.getLong())));
    }
    return timelines;
  }

  private static Timeline timeline(ByteBuffer in) {
    long id = VarInt.read(in);
    if (id < 1 || id > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("timeline " + Long.toUnsignedString(id));
    }
    return new Timeline((int) id);
  }

  private static byte[] fixed(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  /** The nearest that 64 bits hold: a forged record may carry any time, and must not stop the archive. */
  private static long micros(Instant time) {
    if (time.isBefore(EARLIEST)) {
      return Long.MIN_VALUE;
    }
    if (time.isAfter(LATEST)) {
      return Long.MAX_VALUE;
    }
    // The second after it first: a negative second would overflow before its fraction is added.
    long after = (time.getEpochSecond() + 1) * MICROS_PER_SECOND;
    return after - (MICROS_PER_SECOND - time.getNano() / 1000);
  }

  private static Instant time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }
}
