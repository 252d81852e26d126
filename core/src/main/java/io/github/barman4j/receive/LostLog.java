package io.github.barman4j.receive;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalGap;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Writes down what of the log could not be received, and says it. */
final class LostLog {
  private final WalArchive archive;
  private final ReceiverReport report;
  private final InstantSource clock;

  LostLog(WalArchive archive, ReceiverReport report, InstantSource clock) {
    this.archive = archive;
    this.report = report;
    this.clock = clock;
  }

  /**
   * The log from a segment on is not received; the record is durable when this returns.
   *
   * @param to from where on there is log again, or how far the server is now; at or before the segment's start nothing is lost
   */
  void record(SourceServer server, WalSegment first, Lsn to, String reason) {
    if (to.compareTo(first.start()) <= 0) {
      return;
    }
    WalGap gap = new WalGap(
        server.history().timeline(),
        first.start(),
        to,
        first.size(),
        clock.instant().truncatedTo(ChronoUnit.MICROS),
        reason);
    archive.recordGap(gap);
    report.warnOnce(
        "the log " + gap.describe() + " was not received: " + reason,
        "take a new backup now: with the earlier ones no point after " + first.start()
            + " can be reached");
  }
}
