package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.PersistencePoint;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.protocol.WalMessage;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalMessage.Keepalive;
import io.github.barman4j.protocol.WalMessage.ServerStopped;
import io.github.barman4j.protocol.WalMessage.WalData;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes log from one stream into the spool and acknowledges it: all that has arrived is written, then forced once, then acknowledged
 * at once. So one fsync serves all commits that came while the one before it ran. Runs in one thread.
 */
final class StreamLoop {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long GROUP_BYTES = 8 << 20;

  /** Learns how far the stream is. */
  interface Observer {
    void wrote(Lsn written, Lsn serverEnd);

    void acknowledged(Lsn flushed);

    /** Throws when there is a reason to stop that lies outside of the stream. */
    void check();
  }

  private final LogSource source;
  private final SegmentSpool spool;
  private final Lsn floor;
  private final long statusNanos;
  private final Observer observer;
  private Lsn serverEnd = Lsn.INVALID;
  private Lsn acknowledged = Lsn.INVALID;
  private long lastStatusNanos = System.nanoTime();

  /**
   * @param floor what was acknowledged in earlier streams: nothing before it is acknowledged again, since the server would believe it
   *     and keep what it does not need
   */
  StreamLoop(
      LogSource source, SegmentSpool spool, Lsn floor, Duration statusInterval, Observer observer) {
    this.source = source;
    this.spool = spool;
    this.floor = floor;
    this.statusNanos = statusInterval.toNanos();
    this.observer = observer;
  }

  /**
   * Runs until the stream or the signal ends it; all that has come is on the disk then.
   *
   * @return the end of the timeline; empty after the signal
   * @throws BarmanException of the stream; IO when the spool cannot be written; SERVER_NOT_READY when the server shuts down
   */
  Optional<EndOfTimeline> run(StopSignal stop) {
    while (!stop.isRaised()) {
      observer.check();
      WalMessage message = source.poll(POLL);
      WalMessage last = message == null ? null : drain(message);
      if (last instanceof EndOfTimeline end) {
        sync();
        return Optional.of(end);
      }
      if (last instanceof ServerStopped) {
        sync();
        throw new BarmanException(
            ErrorCode.SERVER_NOT_READY,
            "the server is shut down, all its log was received up to " + spool.written(),
            "start the server again; receiving goes on by itself");
      }
      sync();
      acknowledge(last instanceof Keepalive keepalive && keepalive.replyRequested());
    }
    sync();
    acknowledge(true);
    return Optional.empty();
  }

  /** Takes what can be had without waiting; returns the last message. */
  private WalMessage drain(WalMessage first) {
    WalMessage message = first;
    Lsn limit = spool.written().plus(GROUP_BYTES);
    while (true) {
      if (message instanceof WalData data) {
        write(data);
        serverEnd = Lsn.max(serverEnd, data.serverEnd());
      } else if (message instanceof Keepalive keepalive) {
        serverEnd = Lsn.max(serverEnd, keepalive.serverEnd());
        if (keepalive.replyRequested()) {
          return message;
        }
      } else {
        return message;
      }
      WalMessage next = spool.written().isBefore(limit) ? buffered() : null;
      if (next == null) {
        observer.wrote(spool.written(), serverEnd);
        return message;
      }
      message = next;
    }
  }

  private @Nullable WalMessage buffered() {
    return source.hasBuffered() ? source.poll(Duration.ZERO) : null;
  }

  private void write(WalData data) {
    if (!data.start().equals(spool.written())) {
      throw new BarmanException(
          ErrorCode.PROTOCOL_VIOLATION,
          "the server sends log from " + data.start() + " on where " + spool.written()
              + " was to follow",
          "look into the server's log; is a proxy in between?");
    }
    try {
      spool.write(data.data());
    } catch (IOException e) {
      throw failed("writing", e);
    }
  }

  private void sync() {
    try {
      spool.sync();
    } catch (IOException e) {
      throw failed("forcing", e);
    }
  }

  private BarmanException failed(String doing, IOException e) {
    return new BarmanException(
        ErrorCode.IO,
        doing + " " + spool.current() + " failed: " + e.getMessage(),
        "check the space, the permissions and the health of the spool's disk; nothing that is not on it was acknowledged",
        e);
  }

  private void acknowledge(boolean demanded) {
    Lsn flushed = spool.flushed().isBefore(floor) ? Lsn.INVALID : spool.flushed();
    boolean news = !flushed.equals(acknowledged);
    long now = System.nanoTime();
    if (!news && !demanded && now - lastStatusNanos < statusNanos) {
      return;
    }
    PersistencePoint.ACKNOWLEDGE.reached(spool.current());
    source.status(spool.written(), flushed);
    lastStatusNanos = now;
    acknowledged = flushed;
    if (news) {
      observer.acknowledged(flushed);
    }
  }
}
