package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalStream;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a receiver, from its first command to its loss or the signal. Runs in one thread; used once. */
final class ReceiveSession {
  private static final Duration SHORTEST_SILENCE = Duration.ofSeconds(2);

  private final ReceiveSettings settings;
  private final WalArchive archive;
  private final ArchiverOwner archivers;
  private final ReceiverReport report;
  private final LostLog lost;
  private final int attempt;
  private boolean streamed;
  private List<WalSegment> attempts = List.of();
  private @Nullable SourceServer server;

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
    this.lost = new LostLog(archive, report, InstantSource.system());
    this.attempt = attempt;
  }

  /** Whether log has come: what fails afterwards was not a mistake from the beginning. */
  boolean hasStreamed() {
    return streamed;
  }

  /** Whether, when the server no longer has the log from the start position on, another session can begin later in the log. */
  boolean canBeginLater() {
    return attempt + 1 < attempts.size() && !streamed;
  }

  /** After which silence the server ends a connection; empty while no server has been met. */
  Optional<Duration> walSenderTimeout() {
    return Optional.ofNullable(server).map(SourceServer::walSenderTimeout);
  }

  /** Receives until the signal; all that has come is on the disk and acknowledged then. */
  void run(StopSignal stop) {
    try (ReplicationConnection connection = ReplicationConnection.open(
        settings.connection(),
        settings.applicationName(),
        settings.connectTimeout(),
        report.events())) {
      SourceServer met = SourceServer.meet(connection, archive);
      server = met;
      ReceiverSlot slot = ReceiverSlot.open(connection, settings);
      warnOfRemoteApply(connection);
      SegmentArchiver archiver = archivers.archiver(met);
      WalSegment next = start(met, slot);
      UsedSlot.remember(settings.spool(), slot.name());
      try {
        receive(connection, met, slot, next, archiver, stop);
      } catch (BarmanException e) {
        throw e.code() == ErrorCode.SLOT_LOST ? slotLost(e) : e;
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

  private void receive(
      ReplicationConnection connection,
      SourceServer met,
      ReceiverSlot slot,
      WalSegment first,
      SegmentArchiver archiver,
      StopSignal stop)
      throws IOException {
    TimelineHistory history = met.history();
    WalSegment next = first;
    Lsn floor = slot.kept().orElse(Lsn.INVALID);
    while (true) {
      Optional<EndOfTimeline> end = stream(connection, history, next, floor, archiver, stop);
      if (end.isEmpty()) {
        return;
      }
      // What was acknowledged behind the fork was another log: on the new one it counts for
      // nothing.
      floor = Lsn.min(Lsn.max(floor, report.status().flushed()), end.get().switchPoint());
      history = follow(connection, end.get());
      next = WalSegment.containing(end.get().next(), end.get().switchPoint(), met.segmentSize());
    }
  }

  /** Records that the slot's protection is gone, and gives the failure that says so. */
  BarmanException slotLost(BarmanException cause) {
    SourceServer met = server;
    if (met != null && !attempts.isEmpty()) {
      lost.record(
          met,
          attempts.get(0),
          met.flushed(),
          "replication slot '" + settings.slot() + "' is lost");
    }
    return ReceiverSlot.lost(settings.slot(), cause.problem(), cause);
  }

  private void warnOfRemoteApply(ReplicationConnection connection) {
    if (connection.show("synchronous_commit").equals("remote_apply")) {
      report.warnOnce(
          "the server has synchronous_commit = remote_apply, and a receiver applies nothing",
          "set it to on where synchronous_standby_names lists '" + settings.applicationName()
              + "', else every commit waits for ever");
    }
  }

  private WalSegment start(SourceServer met, ReceiverSlot slot) throws IOException {
    List<PartialSegment> spooled = PartialSegment.in(settings.spool(), met.segmentSize());
    WalCoverage archived = archive.coverage();
    boolean anew = archived.ranges().isEmpty() && spooled.isEmpty();
    Divergence.refuseOlder(met.history(), archived, spooled);
    keepTails(met.history(), archived, spooled);
    attempts = StartPosition.decide(
            met.history(), archived, spooled, slot.kept(), met.flushed(), met.segmentSize())
        .attempts();
    if (slot.kept().isEmpty() && !anew) {
      String why = "it keeps none, for it was invalidated or never reserved any";
      lost.record(
          met, attempts.get(0), met.flushed(), "replication slot '" + slot.name() + "' is lost");
      throw ReceiverSlot.lost(slot.name(), why, Optional.empty());
    }
    if (slot.created()) {
      sayThatItIsNew(slot.name());
    }
    WalSegment start = attempts.get(Math.min(attempt, attempts.size() - 1));
    if (attempt > 0 && attempts.size() > 1) {
      lost.record(
          met,
          attempts.get(0),
          start.start(),
          "the server has removed it, replication slot '" + slot.name() + "' begins later");
    }
    refuseServerBehind(met, start);
    return start;
  }

  private void sayThatItIsNew(String slot) throws IOException {
    String text = "replication slot '" + slot + "' was created";
    Optional<String> before = UsedSlot.in(settings.spool());
    if (before.isEmpty()) {
      report.events().info(text);
    } else if (before.get().equals(slot)) {
      report.warnOnce(
          text + ", although log was received through one before: it was dropped",
          "what the server has removed meanwhile is lost; find out who drops slots");
    } else {
      report.warnOnce(
          text + "; log was received through '" + before.get() + "' before",
          "drop that one if nobody needs it: it keeps log on the server");
    }
  }

  /** Log that was received cannot be ahead of the server that it came from; it can be ahead of a standby that takes over. */
  private static void refuseServerBehind(SourceServer met, WalSegment start) {
    if (!start.start().isAfter(met.flushed())) {
      return;
    }
    String problem = "the server is at " + met.flushed() + " of timeline "
        + met.history().timeline() + ", and the log was received up to " + start.start();
    if (met.standby()) {
      throw new BarmanException(
          ErrorCode.SERVER_NOT_READY,
          problem + ": it is a standby that is behind",
          "receiving goes on when it has caught up or is promoted");
    }
    throw new BarmanException(
        ErrorCode.WAL_DIFFERS,
        problem + ": it was set back, or has lost what it had written",
        "give a server that was set back on purpose a name of its own in the repository; otherwise look for the cause before anything else");
  }

  /** What was received and is not part of the server's past is kept, under a name that says so. */
  private void keepTails(
      TimelineHistory history, WalCoverage archived, List<PartialSegment> spooled)
      throws IOException {
    Map<Timeline, Lsn> tails = Divergence.tails(history, archived, spooled, archive.spoolFiles());
    List<Path> kept = Divergence.keep(tails, spooled);
    tails.forEach((timeline, left) -> report.warnOnce(
        "more of timeline " + timeline
            + " was received than this server's history has, which left it at " + left,
        "what was committed after that position exists only in the received log, which is kept"
            + (kept.isEmpty() ? "" : " (" + kept + ")")
            + "; compare before the old primary is thrown away"));
  }

  private Optional<EndOfTimeline> stream(
      ReplicationConnection connection,
      TimelineHistory history,
      WalSegment first,
      Lsn floor,
      SegmentArchiver archiver,
      StopSignal stop)
      throws IOException {
    try (PartialFiles files =
            PartialFiles.durable(settings.spool(), first.size(), archive.spoolFiles());
        SegmentSpool spool =
            new SegmentSpool(settings.spool(), files, first, true, archiver::submit);
        WalStream stream = connection.startReplication(
            settings.slot(), first.start(), first.timeline(), silence())) {
      report.begun(history, first.timeline(), first.start());
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

  /** Not longer than the server itself would wait: then both are free for a new connection at the same time. */
  private Duration silence() {
    Duration theirs = walSenderTimeout().orElse(Duration.ZERO);
    Duration atLeast = theirs.compareTo(SHORTEST_SILENCE) < 0 ? SHORTEST_SILENCE : theirs;
    return theirs.isZero() || settings.silence().compareTo(atLeast) <= 0
        ? settings.silence()
        : atLeast;
  }

  private TimelineHistory follow(ReplicationConnection connection, EndOfTimeline end)
      throws IOException {
    TimelineHistory history = SourceServer.history(connection, end.next(), archive);
    SourceServer met = Objects.requireNonNull(server);
    keepTails(history, archive.coverage(), PartialSegment.in(settings.spool(), met.segmentSize()));
    report
        .events()
        .info("the timeline ended at " + end.switchPoint() + ", following timeline " + end.next());
    return history;
  }
}
