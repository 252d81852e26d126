package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Receives a server's log into a spool and the archive, and acknowledges what is on the disk, so that it can be a synchronous standby.
 *
 * <p>{@link #run} is called once, by the thread that shall receive, and blocks until the signal or a failure that does not pass. The
 * other methods may be called by any thread.
 */
public final class WalReceiver {
  private static final Duration LAST_ARCHIVING = Duration.ofSeconds(30);

  private final ReceiveSettings settings;
  private final WalArchive archive;
  private final ReceiverReport report;
  private @Nullable SegmentArchiver archiver;

  public WalReceiver(ReceiveSettings settings, WalArchive archive, EventSink events) {
    this.settings = settings;
    this.archive = archive;
    this.report = new ReceiverReport(events);
  }

  /** Where it is now. */
  public ReceiverStatus status() {
    return report.status();
  }

  /** What was acknowledged last: everything before it is on the disk; {@link Lsn#INVALID} before the first time. */
  public Lsn flushed() {
    return status().flushed();
  }

  /**
   * Receives until the signal is raised. A connection that is lost, a server that is restarted and a full disk are waited for; anything
   * that is wrong from the beginning, and what cannot pass by itself, is thrown.
   *
   * @throws io.github.barman4j.RepositoryLockedException when another process receives this server's log
   * @throws BarmanException REPOSITORY_OTHER_SYSTEM, SLOT_MISSING, SLOT_IN_USE, SLOT_LOST, TIMELINE_UNKNOWN, WAL_DIFFERS,
   *     WAL_INVALID, or why no connection could be made
   */
  public void run(StopSignal stop) {
    try (WalArchive.Hold hold = archive.holdReceiving()) {
      prepareSpool();
      try {
        receive(stop);
        finishArchiving();
      } finally {
        if (archiver != null) {
          archiver.close();
        }
      }
    }
  }

  private void prepareSpool() {
    try {
      DurableFile.createDirectories(settings.spool());
      PartialFiles.removeLeftovers(settings.spool());
      if (!Files.isWritable(settings.spool())) {
        throw new IOException("it is not writable");
      }
      recent().prepare(settings.spool());
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the spool " + settings.spool() + " cannot be used: " + e.getMessage(),
          "check the owner and the permissions there, or choose another directory with barman.spool",
          e);
    }
  }

  private RecentSegments recent() {
    return new RecentSegments(settings.spool(), settings.keptSegments());
  }

  private void receive(StopSignal stop) {
    Backoff backoff = new Backoff();
    int attempt = 0;
    while (!stop.isRaised()) {
      ReceiveSession session =
          new ReceiveSession(settings, archive, this::archiverFor, report, attempt);
      try {
        session.run(stop);
        return;
      } catch (BarmanException e) {
        session.walSenderTimeout().ifPresent(backoff::slotIsFreeAfter);
        if (session.hasStreamed()) {
          backoff.streaming();
          attempt = 0;
        }
        if (e.code() == ErrorCode.WAL_REMOVED) {
          if (!session.canBeginLater()) {
            throw session.slotLost(e);
          }
          attempt++;
        } else {
          pause(backoff, e, stop);
        }
      }
    }
  }

  private void pause(Backoff backoff, BarmanException failure, StopSignal stop) {
    Optional<Duration> pause = backoff.after(failure, System.nanoTime());
    if (pause.isEmpty()) {
      throw failure;
    }
    report
        .events()
        .warn(
            "receiving was interrupted: " + failure.problem() + "; it goes on in "
                + pause.get().toMillis() + " ms",
            failure.hint());
    stop.await(pause.get());
  }

  private SegmentArchiver archiverFor(SourceServer server) {
    SegmentArchiver known = archiver;
    if (known == null) {
      known = new SegmentArchiver(
          archive, settings.spool(), server.system(), report.events(), recent(), true);
      archiver = known.start();
    }
    known.submitLeft(PartialSegment.in(settings.spool(), server.segmentSize()));
    return known;
  }

  private void finishArchiving() {
    if (archiver != null && !archiver.drain(LAST_ARCHIVING)) {
      report
          .events()
          .warn(
              "not everything that was received is archived",
              "it is safe in the spool; the next receiver archives it first");
    }
  }
}
