package io.github.barman4j.receive;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.util.Optional;

/**
 * Where a receiver is.
 *
 * @param streaming whether it is connected and streams
 * @param timeline the one that is streamed, or was last
 * @param written after the last byte that has come; {@link Lsn#INVALID} before the first
 * @param flushed what was acknowledged last: everything before it on this timeline and its ancestors is on the disk; INVALID before
 *     the first time
 * @param serverEnd how far the server was when it was heard last; INVALID before
 */
public record ReceiverStatus(
    boolean streaming, Optional<Timeline> timeline, Lsn written, Lsn flushed, Lsn serverEnd) {
  static final ReceiverStatus NONE =
      new ReceiverStatus(false, Optional.empty(), Lsn.INVALID, Lsn.INVALID, Lsn.INVALID);

  /** Bytes that the server had and the disk here had not, by what the server has said last; 0 before the first acknowledgement. */
  public long lagBytes() {
    return flushed.isInvalid() ? 0 : Math.max(0, serverEnd.minus(flushed));
  }

  /**
   * A stream has begun.
   *
   * @param shared where its timeline left the one before, when that was another: what lies behind it there counts for nothing here
   */
  ReceiverStatus begun(Timeline newTimeline, Optional<Lsn> shared) {
    return new ReceiverStatus(
        true,
        Optional.of(newTimeline),
        shared.map(fork -> Lsn.min(fork, written)).orElse(written),
        shared.map(fork -> Lsn.min(fork, flushed)).orElse(flushed),
        shared.isPresent() ? Lsn.INVALID : serverEnd);
  }

  ReceiverStatus ended() {
    return new ReceiverStatus(false, timeline, written, flushed, serverEnd);
  }

  ReceiverStatus wrote(Lsn newWritten, Lsn newServerEnd) {
    return new ReceiverStatus(
        streaming, timeline, newWritten, flushed, Lsn.max(serverEnd, newServerEnd));
  }

  ReceiverStatus acknowledged(Lsn newFlushed) {
    return new ReceiverStatus(
        streaming, timeline, written, Lsn.max(flushed, newFlushed), serverEnd);
  }
}
