package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.WalGapException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ReplicationSlot;
import io.github.barman4j.protocol.SystemIdentity;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalStream;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Receives and archives the log that a backup needs, where no receiver runs.
 *
 * <p>It is opened before the backup begins: its temporary slot keeps everything from then on. It never reports a flushed position, so
 * the server neither counts it as a synchronous standby, whatever {@code synchronous_standby_names} says, nor forgets log because of
 * it (manual, 27.2.8; syncrep.c, SyncRepReleaseWaiters, 15–18). What it receives is on the disk only when it is archived. Its own thread
 * receives; the methods may be called by any.
 */
public final class BackupWalStream implements AutoCloseable {
  private static final String APPLICATION_NAME = "barman_backup_wal";
  private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final long CHECK_MILLIS = 100;

  private final WalArchive archive;
  private final BackupSpool spool;
  private final WalSegment first;
  private final ReplicationConnection connection;
  private final WalStream stream;
  private final SegmentArchiver archiver;
  private final StopSignal stop = new StopSignal();
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;

  private BackupWalStream(
      WalArchive archive,
      BackupSpool spool,
      WalSegment first,
      ReplicationConnection connection,
      WalStream stream,
      SegmentArchiver archiver) {
    this.archive = archive;
    this.spool = spool;
    this.first = first;
    this.connection = connection;
    this.stream = stream;
    this.archiver = archiver;
    this.thread = new Thread(this::receive, "receive-backup-wal");
    thread.setDaemon(true);
  }

  /**
   * Connects, reserves the server's log and begins to receive it.
   *
   * @param settings of the one host that the backup is taken from
   * @param spool a directory for this stream alone; made when it is missing, removed by {@link #close()}
   * @param expected the cluster that the backup is taken from
   * @throws BarmanException SERVER_OTHER_SYSTEM, or what the server refuses: NO_FREE_WAL_SENDER, NO_FREE_SLOT, …
   */
  public static BackupWalStream open(
      ConnectionSettings settings,
      WalArchive archive,
      Path spool,
      SystemIdentifier expected,
      WalSegmentSize size,
      EventSink events) {
    BackupSpool directory = BackupSpool.create(spool);
    ReplicationConnection connection = null;
    try {
      connection = ReplicationConnection.open(settings, APPLICATION_NAME, CONNECT_TIMEOUT, events);
      return begin(connection, archive, directory, expected, size, events);
    } catch (RuntimeException e) {
      if (connection != null) {
        connection.close();
      }
      directory.close();
      throw e;
    }
  }

  private static BackupWalStream begin(
      ReplicationConnection connection,
      WalArchive archive,
      BackupSpool spool,
      SystemIdentifier expected,
      WalSegmentSize size,
      EventSink events) {
    SystemIdentity identity = connection.identifySystem();
    if (!identity.systemIdentifier().equals(expected)) {
      throw new BarmanException(
          ErrorCode.SERVER_OTHER_SYSTEM,
          "the log would come from system " + identity.systemIdentifier() + ", the backup from "
              + expected,
          "does the address lead to several servers? name one");
    }
    SourceServer.history(connection, identity.timeline(), archive);
    String slot = "barman_backup_" + UUID.randomUUID().toString().replace('-', '_');
    connection.createSlot(slot, true, true);
    Lsn start = connection.isStandby()
        ? connection.readSlot(slot).flatMap(ReplicationSlot::restartLsn).orElse(identity.flushed())
        : identity.flushed();
    WalSegment first = WalSegment.containing(identity.timeline(), start, size);
    WalStream stream = connection.startReplication(slot, first.start(), first.timeline());
    SegmentArchiver archiver = new SegmentArchiver(
            archive,
            spool.directory(),
            expected,
            events,
            new RecentSegments(spool.directory(), 0),
            false)
        .start();
    BackupWalStream opened =
        new BackupWalStream(archive, spool, first, connection, stream, archiver);
    opened.thread.start();
    return opened;
  }

  private void receive() {
    try (PartialFiles files =
            PartialFiles.temporary(spool.directory(), first.size(), archive.spoolFiles());
        SegmentSpool segments =
            new SegmentSpool(spool.directory(), files, first, false, archiver::submit)) {
      StreamLoop loop = new StreamLoop(
          LogSource.of(stream), segments, Lsn.INVALID, STATUS_INTERVAL, new ArchiverCheck());
      Optional<EndOfTimeline> end = loop.run(stop);
      if (end.isPresent()) {
        throw new BarmanException(
            ErrorCode.BACKUP_FAILED,
            "the server has changed to timeline " + end.get().next() + " at "
                + end.get().switchPoint() + " during the backup",
            "take the backup again, from the server that is the primary now");
      }
    } catch (IOException e) {
      failure = new BarmanException(
          ErrorCode.IO,
          "the log that the backup needs cannot be received: " + e,
          "check the space and the permissions of " + spool.directory(),
          e);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private final class ArchiverCheck implements StreamLoop.Observer {
    @Override
    public void wrote(Lsn written, Lsn serverEnd) {}

    @Override
    public void acknowledged(Lsn flushed) {}

    @Override
    public void check() {
      archiver.check();
    }
  }

  /** The first segment that is received: everything from its start on will be archived. */
  public WalSegment firstSegment() {
    return first;
  }

  /** Throws what has ended the stream, if anything has. */
  public void checkAlive() {
    RuntimeException ended = failure;
    if (ended != null) {
      throw ended;
    }
    archiver.check();
  }

  /**
   * Waits until the archive has all segments of a part of the log, whoever has put them there.
   *
   * @param end exclusive; its segment must be complete: a primary switches to a new one when a backup stops
   * @throws WalGapException WAL_NOT_ARCHIVED when the time is over; it names what is missing
   * @throws BarmanException what has ended the stream
   */
  public void awaitArchived(
      Timeline beginTimeline, Lsn begin, Timeline endTimeline, Lsn end, Duration timeout) {
    List<WalSegment> missing = required(beginTimeline, begin, endTimeline, end);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      missing = missing.stream().filter(segment -> !archive.contains(segment)).toList();
      if (missing.isEmpty()) {
        return;
      }
      checkAlive();
      if (System.nanoTime() - deadline >= 0) {
        throw notArchived(missing, timeout);
      }
      if (stop.await(Duration.ofMillis(CHECK_MILLIS))) {
        throw new BarmanException(
            ErrorCode.INTERRUPTED,
            "waiting for the log that the backup needs was interrupted",
            "take the backup again");
      }
    }
  }

  private List<WalSegment> required(
      Timeline beginTimeline, Lsn begin, Timeline endTimeline, Lsn end) {
    if (!archive.historyOf(endTimeline).contains(beginTimeline)) {
      throw new BarmanException(
          ErrorCode.TIMELINE_UNKNOWN,
          "timeline " + beginTimeline + " is not in the history of timeline " + endTimeline,
          "take the backup again; did the server change its timeline meanwhile?");
    }
    return WalCoverage.required(archive.historyOf(endTimeline), begin, end, first.size());
  }

  private static WalGapException notArchived(List<WalSegment> missing, Duration timeout) {
    String names = missing.stream().limit(3).map(WalSegment::name).collect(Collectors.joining(", "))
        + (missing.size() > 3 ? " and " + (missing.size() - 3) + " more" : "");
    return new WalGapException(
        ErrorCode.WAL_NOT_ARCHIVED,
        "the backup needs log that was not archived within " + timeout.toSeconds() + " s: " + names,
        "is the server idle or the network slow? allow more with barman.waitTimeout; on a standby, run pg_switch_wal() on its primary");
  }

  /** Ends the stream, and with it the slot; what is not archived yet is dropped. */
  @Override
  public void close() {
    stop.raise();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
        connection.close();
      }
    }
    connection.close();
    archiver.close();
    spool.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
