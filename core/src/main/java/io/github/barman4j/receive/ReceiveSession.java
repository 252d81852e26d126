package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ReplicationSlot;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalStream;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** One connection of a receiver, from its first command to its loss or the signal. Runs in one thread; used once. */
final class ReceiveSession {
  private final ReceiveSettings settings;
  private final WalArchive archive;
  private final ArchiverOwner archivers;
  private final ReceiverReport report;
  private final int attempt;
  private boolean streamed;
  private boolean hasAnotherStart;
  private boolean slotKeepsNothing;

  /** Gives the one archiver of a receiver, which outlives its sessions. */
  @FunctionalInterface
  interface ArchiverOwner {
    SegmentArchiver archiver(SourceServer server);
  }

  /** @param attempt which of the possible start positions to take, 0 for the best */
  ReceiveSession(
      ReceiveSettings settings,
      WalArchive archive,
      ArchiverOwner archivers,
      ReceiverReport report,
      int attempt) {
    this.settings = settings;
    this.archive = archive;
    this.archivers = archivers;
    this.report = report;
    this.attempt = attempt;
  }

  /** Whether log has come: what fails afterwards was not a mistake from the beginning. */
  boolean hasStreamed() {
    return streamed;
  }

  /** Whether, when the server no longer has the log from the start position on, another session can begin later in the log. */
  boolean canBeginLater() {
    return hasAnotherStart && !slotKeepsNothing && !streamed;
  }

  /** Receives until the signal; all that has come is on the disk and acknowledged then. */
  void run(StopSignal stop) {
    try (ReplicationConnection connection = ReplicationConnection.open(
        settings.connection(),
        settings.applicationName(),
        settings.connectTimeout(),
        report.events())) {
      SourceServer server = SourceServer.meet(connection, archive);
      ReplicationSlot slot = SourceServer.slot(connection, settings, report.events());
      warnOfRemoteApply(connection);
      SegmentArchiver archiver = archivers.archiver(server);
      WalSegment next = start(server, slot);
      Lsn floor = slot.restartLsn().orElse(Lsn.INVALID);
      while (true) {
        Optional<EndOfTimeline> end = stream(connection, next, floor, archiver, stop);
        if (end.isEmpty()) {
          return;
        }
        floor = Lsn.max(floor, report.status().flushed());
        next = follow(connection, end.get(), server.segmentSize());
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the spool " + settings.spool() + " cannot be used: " + e,
          "check the space, the owner and the permissions there",
          e);
    } finally {
      report.ended();
    }
  }

  private void warnOfRemoteApply(ReplicationConnection connection) {
    if (connection.show("synchronous_commit").equals("remote_apply")) {
      report.warnOnce(
          "the server has synchronous_commit = remote_apply, and a receiver applies nothing",
          "set it to on where synchronous_standby_names lists '" + settings.applicationName()
              + "', else every commit waits for ever");
    }
  }

  private WalSegment start(SourceServer server, ReplicationSlot slot) throws IOException {
    List<PartialSegment> spooled = PartialSegment.in(settings.spool(), server.segmentSize());
    WalCoverage archived = archive.coverage();
    Divergence.refuseOlder(server.history(), archived, spooled);
    warnOfTails(server.history(), archived, spooled);
    List<WalSegment> attempts = StartPosition.decide(
            server.history(),
            archived,
            spooled,
            slot.restartLsn(),
            server.flushed(),
            server.segmentSize())
        .attempts();
    slotKeepsNothing = slot.restartLsn().isEmpty();
    hasAnotherStart = attempt + 1 < attempts.size();
    WalSegment start = attempts.get(Math.min(attempt, attempts.size() - 1));
    if (attempt > 0 && attempts.size() > 1) {
      report.warnOnce(
          "the server has removed the log from " + attempts.get(0).start() + " to " + start.start()
              + " that was not received: it is lost",
          "take a new backup now: with the earlier ones no point after "
              + attempts.get(0).start() + " can be reached");
    }
    return start;
  }

  private void warnOfTails(
      TimelineHistory history, WalCoverage archived, List<PartialSegment> spooled)
      throws IOException {
    Divergence.tails(history, archived, spooled)
        .forEach(
            (timeline, left) -> report.warnOnce(
                "more of timeline " + timeline
                    + " was received than this server's history has, which left it at " + left,
                "what was committed after that position exists only in the received log, which is kept; compare before the old primary is thrown away"));
  }

  private Optional<EndOfTimeline> stream(
      ReplicationConnection connection,
      WalSegment first,
      Lsn floor,
      SegmentArchiver archiver,
      StopSignal stop)
      throws IOException {
    try (PartialFiles files = PartialFiles.durable(settings.spool(), first.size());
        SegmentSpool spool =
            new SegmentSpool(settings.spool(), files, first, true, archiver::submit);
        WalStream stream =
            connection.startReplication(settings.slot(), first.start(), first.timeline())) {
      report.begun(first.timeline(), first.start());
      StreamLoop loop = new StreamLoop(
          LogSource.of(stream), spool, floor, settings.statusInterval(), observer(archiver));
      return loop.run(stop);
    }
  }

  private StreamLoop.Observer observer(SegmentArchiver archiver) {
    return new StreamLoop.Observer() {
      @Override
      public void wrote(Lsn written, Lsn serverEnd) {
        streamed = true;
        report.wrote(written, serverEnd);
      }

      @Override
      public void acknowledged(Lsn flushed) {
        report.acknowledged(flushed);
      }

      @Override
      public void check() {
        archiver.check();
      }
    };
  }

  private WalSegment follow(
      ReplicationConnection connection, EndOfTimeline end, WalSegmentSize size) throws IOException {
    TimelineHistory history = SourceServer.history(connection, end.next(), archive);
    warnOfTails(history, WalCoverage.NONE, PartialSegment.in(settings.spool(), size));
    report
        .events()
        .info("the timeline ended at " + end.switchPoint() + ", following timeline " + end.next());
    return WalSegment.containing(end.next(), end.switchPoint(), size);
  }
}
