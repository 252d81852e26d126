package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A base backup as the server sends it (manual, 55.4, BASE_BACKUP, 15–18): archives and a manifest, in pieces. For one thread.
 *
 * <p>Closing it before its end closes the connection, as the server cannot be told to stop; afterwards the connection is free.
 */
public final class BaseBackupStream implements AutoCloseable {
  /** How often somebody else is asked whether a silent server is still there. */
  private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(30);

  /** How long a busy server's disks, or its rate limit, may hold the stream up, unless the user's socketTimeout says it. */
  private static final Duration STALL = Duration.ofMinutes(5);

  private static final String DOING = "taking a base backup";

  /** invalid COMPRESSION (42601) or a build without the library (0A000; basebackup.c, basebackup_zstd.c, 15–18) */
  private static final Set<String> NO_COMPRESSION = Set.of("42601", "0A000", "22023");

  private final Exchange exchange;
  private final Duration stall;
  private final Lsn start;
  private final Timeline startTimeline;
  private final List<TablespaceInfo> tablespaces;
  private final long baseSizeKiB;
  private @Nullable Position end;
  private boolean over;

  private record Position(Lsn lsn, Timeline timeline) {}

  private BaseBackupStream(Exchange exchange, Position start, ResultTable tablespaces) {
    this.exchange = exchange;
    this.stall = exchange.silence(STALL);
    this.start = start.lsn();
    this.startTimeline = start.timeline();
    List<TablespaceInfo> found = new ArrayList<>();
    long base = -1;
    for (int i = 0; i < tablespaces.size(); i++) {
      long size = sizeKiB(tablespaces.text(i, "size"));
      String oid = tablespaces.text(i, "spcoid");
      if (oid == null) {
        base = size;
      } else {
        found.add(new TablespaceInfo(oid(oid), tablespaces.required(i, "spclocation"), size));
      }
    }
    this.tablespaces = List.copyOf(found);
    this.baseSizeKiB = base;
  }

  static BaseBackupStream start(
      Exchange exchange, BaseBackupOptions options, Runnable whileWaiting) {
    exchange.begin(options.command());
    boolean started = false;
    try {
      List<ResultTable> tables = new ArrayList<>();
      while (true) {
        MessageReader.Message message =
            afterCheckpoint(exchange, options.checkpointTimeout(), whileWaiting);
        switch (message.type()) {
          case 'T' -> tables.add(exchange.parse(message, ResultTable::new));
          case 'D' -> exchange.row(tables, message);
          case 'C' -> {}
          case 'E' -> {
            started = true;
            throw refused(exchange.failed(message, Attempt.BASE_BACKUP, DOING), options);
          }
          case 'H' -> {
            if (tables.size() != 2) {
              throw Payload.violation(tables.size() + " results before a base backup");
            }
            BaseBackupStream stream =
                new BaseBackupStream(exchange, position(tables.get(0)), tables.get(1));
            started = true;
            return stream;
          }
          default -> throw exchange.unexpected(message);
        }
      }
    } finally {
      if (!started) {
        exchange.abort();
      }
    }
  }

  /** A server that makes a checkpoint says nothing, and neither does one that is gone. */
  private static MessageReader.Message afterCheckpoint(
      Exchange exchange, Duration timeout, Runnable whileWaiting) {
    long deadline = System.nanoTime() + timeout.toNanos();
    Duration interval = exchange.silence(SIGN_OF_LIFE);
    while (true) {
      Duration left = Duration.ofNanos(deadline - System.nanoTime());
      if (left.compareTo(interval) <= 0) {
        return exchange.require(left, "waiting for the checkpoint");
      }
      MessageReader.Message message = exchange.next(interval);
      if (message != null) {
        return message;
      }
      whileWaiting.run();
    }
  }

  private static BarmanException refused(ServerErrorException e, BaseBackupOptions options) {
    if (options.compression() == ArchiveCompression.NONE
        || !NO_COMPRESSION.contains(e.sqlState())) {
      return e;
    }
    return new BarmanException(
        ErrorCode.COMPRESSION_UNAVAILABLE,
        "the server cannot compress a base backup with " + options.compression().option() + ": "
            + e.serverMessage(),
        "choose another wire compression: gzip and none are nearly everywhere.",
        e);
  }

  /** Where the backup begins: WAL is needed from here on. */
  public Lsn start() {
    return start;
  }

  public Timeline startTimeline() {
    return startTimeline;
  }

  /** The tablespaces besides the data directory. */
  public List<TablespaceInfo> tablespaces() {
    return tablespaces;
  }

  /** About how many bytes the archives hold before compression. */
  public long estimatedBytes() {
    long kib = Math.max(0, baseSizeKiB);
    for (TablespaceInfo tablespace : tablespaces) {
      kib += Math.max(0, tablespace.sizeKiB());
    }
    return kib * 1024;
  }

  /**
   * The next item, or null at the end, when {@link #end} is known.
   *
   * @throws BarmanException CONNECTION_LOST; SERVER_SILENT after five minutes without a byte, or after the user's socketTimeout; a
   *     {@link ServerErrorException} when the server gives up
   */
  public @Nullable BaseBackupItem next() {
    if (end != null) {
      return null;
    }
    if (over) {
      throw new IllegalStateException("the base backup is over");
    }
    MessageReader.Message message = exchange.require(stall, DOING);
    return switch (message.type()) {
      case 'd' -> exchange.parse(message, BaseBackupStream::item);
      case 'c' -> {
        finish();
        yield null;
      }
      case 'E' -> {
        over = true;
        throw exchange.failed(message, Attempt.BASE_BACKUP, DOING);
      }
      default -> throw exchange.unexpected(message);
    };
  }

  private static BaseBackupItem item(ByteBuffer payload) {
    byte kind = payload.get();
    switch (kind) {
      case 'd':
        return new BaseBackupItem.Data(payload.slice());
      case 'p':
        BaseBackupItem progress = new BaseBackupItem.Progress(payload.getLong());
        Payload.end(payload);
        return progress;
      case 'n':
        BaseBackupItem archive =
            new BaseBackupItem.Archive(Payload.string(payload), Payload.string(payload));
        Payload.end(payload);
        return archive;
      case 'm':
        Payload.end(payload);
        return new BaseBackupItem.Manifest();
      default:
        throw Payload.violation(
            "a base backup message of type 0x" + Integer.toHexString(kind & 0xff));
    }
  }

  private void finish() {
    List<ResultTable> tables = new ArrayList<>();
    ServerErrorException error = null;
    while (error == null) {
      MessageReader.Message message = exchange.require(stall, "ending a base backup");
      switch (message.type()) {
        case 'T' -> tables.add(exchange.parse(message, ResultTable::new));
        case 'D' -> exchange.row(tables, message);
        case 'C' -> {}
        case 'E' -> error = exchange.failed(message, Attempt.BASE_BACKUP, "ending a base backup");
        case 'Z' -> {
          exchange.end();
          over = true;
          if (tables.size() != 1) {
            throw Payload.violation(tables.size() + " results after a base backup");
          }
          end = position(tables.get(0));
          return;
        }
        default -> throw exchange.unexpected(message);
      }
    }
    over = true;
    throw error;
  }

  /** The position that WAL is needed up to; only after {@link #next} gave null. */
  public Lsn end() {
    return reached().lsn();
  }

  public Timeline endTimeline() {
    return reached().timeline();
  }

  private Position reached() {
    if (end == null) {
      throw new IllegalStateException("the base backup has not reached its end");
    }
    return end;
  }

  private static Position position(ResultTable table) {
    table.exactly(1);
    return new Position(
        Payload.lsn(table.required(0, "recptr")), Payload.timeline(table.required(0, "tli")));
  }

  private static long oid(String text) {
    if (!text.matches("[0-9]{1,10}")) {
      throw Payload.violation("tablespace '" + text + "'");
    }
    return Long.parseLong(text);
  }

  private static long sizeKiB(@Nullable String text) {
    if (text == null) {
      return -1;
    }
    if (!text.matches("[0-9]{1,18}")) {
      throw Payload.violation("a tablespace of '" + text + "' KiB");
    }
    return Long.parseLong(text);
  }

  @Override
  public void close() {
    if (!over) {
      over = true;
      exchange.abort();
    }
  }
}
