package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalMessage.Keepalive;
import io.github.barman4j.protocol.WalMessage.ServerStopped;
import io.github.barman4j.protocol.WalMessage.WalData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * WAL as the server sends it (manual, 55.4, START_REPLICATION). Acknowledges nothing by itself: only what {@link #status} is told.
 *
 * <p>{@link #poll} is for one thread; {@link #status} may be called from another. When the server has been silent for half of the time
 * that it may be, it is asked for a sign of life, with the positions of the last status.
 */
public final class WalStream implements AutoCloseable {
  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");
  private static final Duration GOODBYE = Duration.ofSeconds(2);
  private static final int STATUS_BYTES = 1 + 4 * Long.BYTES + 1;

  private final Exchange exchange;
  private final String doing;
  private final Duration silence;
  private final Object statusLock = new Object();
  private Lsn written = Lsn.INVALID;
  private Lsn flushed = Lsn.INVALID;
  private Lsn applied = Lsn.INVALID;
  private @Nullable EndOfTimeline endedBeforeIt;
  private boolean over;
  private boolean asked;
  private long silentNanos;

  private WalStream(Exchange exchange, String doing, Duration silence) {
    this.exchange = exchange;
    this.doing = doing;
    this.silence = silence;
  }

  static WalStream start(Exchange exchange, String command, String doing, Duration silence) {
    exchange.begin(command);
    WalStream stream = new WalStream(exchange, doing, silence);
    MessageReader.Message message = exchange.require(silence, doing);
    switch (message.type()) {
      case 'W' -> {}
      case 'T' -> stream.endedBeforeIt = stream.endOfTimeline(message);
      case 'E' -> throw exchange.failed(message, Attempt.STREAM, doing);
      default -> throw exchange.unexpected(message);
    }
    return stream;
  }

  /**
   * The next message, or null when there is none within that time.
   *
   * @throws BarmanException CONNECTION_LOST; SERVER_SILENT when the server gives no sign of life; a {@link ServerErrorException} such
   *     as WAL_REMOVED or SERVER_NOT_READY
   * @throws IllegalStateException after EndOfTimeline, ServerStopped or an exception
   */
  public @Nullable WalMessage poll(Duration timeout) {
    if (endedBeforeIt != null) {
      EndOfTimeline end = endedBeforeIt;
      endedBeforeIt = null;
      return end;
    }
    if (over) {
      throw new IllegalStateException("the stream is over");
    }
    long before = System.nanoTime();
    boolean failed = true;
    try {
      MessageReader.Message message = exchange.next(timeout);
      if (message == null) {
        silent(System.nanoTime() - before);
        failed = false;
        return null;
      }
      silentNanos = 0;
      asked = false;
      WalMessage result = translate(message);
      failed = false;
      return result;
    } finally {
      over |= failed;
    }
  }

  private WalMessage translate(MessageReader.Message message) {
    switch (message.type()) {
      case 'd':
        return exchange.parse(message, WalStream::data);
      case 'c':
        try {
          exchange.writer().copyDone();
        } catch (IOException e) {
          throw exchange.lost(e);
        }
        return endOfTimeline(exchange.require(silence, doing));
      case 'C':
        // A walsender ends so when the server is shut down (walsender.c, WalSndDone, 15–18).
        over = true;
        exchange.abort();
        return new ServerStopped();
      case 'E':
        throw exchange.failed(message, Attempt.STREAM, doing);
      default:
        throw exchange.unexpected(message);
    }
  }

  private static WalMessage data(ByteBuffer payload) {
    byte kind = payload.get();
    if (kind == 'w') {
      Lsn start = new Lsn(payload.getLong());
      Lsn serverEnd = new Lsn(payload.getLong());
      payload.getLong();
      return new WalData(start, serverEnd, payload.slice());
    }
    if (kind == 'k') {
      Lsn serverEnd = new Lsn(payload.getLong());
      payload.getLong();
      boolean replyRequested = payload.get() != 0;
      Payload.end(payload);
      return new Keepalive(serverEnd, replyRequested);
    }
    throw Payload.violation("a streaming message of type 0x" + Integer.toHexString(kind & 0xff));
  }

  /** Reads the result set that names the next timeline, to its end; the message is its first. */
  private EndOfTimeline endOfTimeline(MessageReader.Message first) {
    over = true;
    List<ResultTable> tables = new ArrayList<>();
    for (MessageReader.Message message = first;
        message.type() != 'Z';
        message = exchange.require(silence, doing)) {
      switch (message.type()) {
        case 'T' -> tables.add(exchange.parse(message, ResultTable::new));
        case 'D' -> exchange.row(tables, message);
        case 'C' -> {}
        case 'E' -> throw exchange.failed(message, Attempt.STREAM, doing);
        default -> throw exchange.unexpected(message);
      }
    }
    exchange.end();
    if (tables.size() != 1) {
      throw Payload.violation(tables.size() + " results at the end of a timeline");
    }
    ResultTable row = tables.get(0).exactly(1);
    return new EndOfTimeline(
        Payload.timeline(row.required(0, "next_tli")),
        Payload.lsn(row.required(0, "next_tli_startpos")));
  }

  private void silent(long waitedNanos) {
    silentNanos += waitedNanos;
    long allowed = silence.toNanos();
    if (silentNanos > allowed) {
      throw exchange.silent(silence, doing);
    }
    if (!asked && silentNanos > allowed / 2) {
      asked = true;
      synchronized (statusLock) {
        status(written, flushed, applied, true);
      }
    }
  }

  /** Whether more can be read without waiting, so that an fsync can serve several messages. */
  public boolean hasBuffered() {
    return endedBeforeIt != null || !over && exchange.hasBuffered();
  }

  /**
   * Sends a standby status update. What is reported as flushed, the server may forget, and may count as safe on a synchronous standby.
   *
   * @param flushed {@link Lsn#INVALID} never makes this a synchronous standby
   * @param replyRequested whether the server shall answer with a keepalive
   */
  public void status(Lsn written, Lsn flushed, Lsn applied, boolean replyRequested) {
    ByteBuffer message = ByteBuffer.allocate(STATUS_BYTES);
    message
        .put((byte) 'r')
        .putLong(written.value())
        .putLong(flushed.value())
        .putLong(applied.value());
    message.putLong(ChronoUnit.MICROS.between(EPOCH, Instant.now()));
    message.put((byte) (replyRequested ? 1 : 0));
    synchronized (statusLock) {
      this.written = written;
      this.flushed = flushed;
      this.applied = applied;
      try {
        exchange.writer().copyData(message.array());
      } catch (IOException e) {
        throw exchange.lost(e);
      }
    }
  }

  /**
   * Asks the server to stop and reads what is still under way, two seconds at most, so that the slot is free and the connection can be
   * used again; else the connection is closed.
   */
  @Override
  public void close() {
    if (over || !exchange.isUsable()) {
      over = true;
      return;
    }
    over = true;
    long deadline = System.nanoTime() + GOODBYE.toNanos();
    try {
      exchange.writer().copyDone();
      while (true) {
        MessageReader.Message message =
            exchange.next(Duration.ofNanos(deadline - System.nanoTime()));
        if (message == null || System.nanoTime() > deadline) {
          exchange.abort();
          return;
        }
        if (message.type() == 'Z') {
          exchange.end();
          return;
        }
      }
    } catch (IOException | BarmanException e) {
      exchange.abort();
      System.getLogger(WalStream.class.getName())
          .log(System.Logger.Level.DEBUG, "the stream broke while it was closed", e);
    }
  }
}
