package io.github.barman4j.wal;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.SealedObjects;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The gaps that receivers have noticed, each a sealed object named for the first segment that is missing. The same gap noticed once
 * more replaces what was said of it. The bytes are those of repository-format.md, section WAL.
 */
final class WalGaps {
  private static final int VERSION = 1;
  private static final int FIXED_BYTES = 1 + 4 + 8 + 8 + 4 + 8;
  private final SealedObjects objects;

  WalGaps(SealedObjects objects) {
    this.objects = objects;
  }

  void record(WalGap gap) {
    objects.put(WalKeys.ofGap(gap.firstSegment()), encode(gap));
  }

  List<WalGap> recorded() {
    List<WalGap> gaps = new ArrayList<>();
    for (String key : objects.list(WalKeys.GAPS)) {
      gaps.add(decode(key, objects.get(key)));
    }
    return gaps;
  }

  static byte[] encode(WalGap gap) {
    byte[] reason = gap.reason().getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(FIXED_BYTES + reason.length)
        .put((byte) VERSION)
        .putInt(gap.timeline().id())
        .putLong(gap.from().value())
        .putLong(gap.to().value())
        .putInt(gap.segmentSize().bytes())
        .putLong(ChronoUnit.MICROS.between(Instant.EPOCH, gap.noticedAt()))
        .put(reason)
        .array();
  }

  /** @throws IntegrityException when the bytes are not those of a gap */
  static WalGap decode(String key, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    try {
      int version = in.get();
      int timeline = in.getInt();
      Lsn from = new Lsn(in.getLong());
      Lsn to = new Lsn(in.getLong());
      int size = in.getInt();
      Instant noticed = Instant.EPOCH.plus(in.getLong(), ChronoUnit.MICROS);
      if (version != VERSION
          || timeline < 1
          || !WalSegmentSize.isValid(size)
          || !from.isBefore(to)) {
        throw damaged(key, null);
      }
      String reason = StandardCharsets.UTF_8.decode(in).toString();
      return new WalGap(
          new Timeline(timeline), from, to, new WalSegmentSize(size), noticed, reason);
    } catch (BufferUnderflowException | DateTimeException | ArithmeticException e) {
      throw damaged(key, e);
    }
  }

  private static IntegrityException damaged(String key, @Nullable Exception cause) {
    return new IntegrityException(
        ErrorCode.REPOSITORY_DAMAGED,
        "the gap in " + key + " cannot be read",
        "was it written by a later release? otherwise restore the object from a copy of the repository",
        cause);
  }
}
