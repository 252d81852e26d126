package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The WAL comes from a receiver in this or another process, which archives it anyway. */
final class ReceiverSupply implements WalSupply {
  /** How often the archive is looked at; a segment takes longer than this to compress and fsync. */
  private static final Duration POLL = Duration.ofMillis(50);

  private final ServerRepository repository;
  private final WalArchive archive;
  private final WalSegmentSize segmentSize;
  private final Duration limit;

  ReceiverSupply(
      ServerRepository repository, WalArchive archive, WalSegmentSize segmentSize, Duration limit) {
    this.repository = repository;
    this.archive = archive;
    this.segmentSize = segmentSize;
    this.limit = limit;
  }

  @Override
  public void checkAlive() {
    if (!repository.isLocked(ServerRepository.RECEIVE)) {
      throw new BarmanException(
          ErrorCode.WAL_NOT_ARCHIVED,
          "the receiver of server '" + repository.name()
              + "' ended while the backup needed its WAL",
          "start receive-wal again and repeat the backup; without a receiver the backup streams the WAL itself");
    }
  }

  @Override
  public void awaitArchived(Timeline timeline, Lsn begin, Lsn end) {
    long deadline = System.nanoTime() + limit.toNanos();
    List<WalSegment> missing = missing(timeline, begin, end);
    while (!missing.isEmpty()) {
      checkAlive();
      if (System.nanoTime() - deadline > 0) {
        throw new BarmanException(
            ErrorCode.WAL_NOT_ARCHIVED,
            missing.size() + " of the WAL segments that the backup needs are not archived after "
                + limit.toSeconds() + " s, the first is " + missing.get(0).name(),
            "is the receiver behind? look at its lag, or raise barman.waitTimeout");
      }
      LockSupport.parkNanos(POLL.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new BarmanException(
            ErrorCode.INTERRUPTED,
            "waiting for the backup's WAL was interrupted",
            "take the backup again");
      }
      missing = missing(timeline, begin, end);
    }
  }

  private List<WalSegment> missing(Timeline timeline, Lsn begin, Lsn end) {
    List<WalSegment> missing = new ArrayList<>();
    WalSegment last = WalSegment.endingBefore(timeline, end, segmentSize);
    for (WalSegment segment = WalSegment.containing(timeline, begin, segmentSize);
        segment.compareTo(last) <= 0;
        segment = segment.next()) {
      if (!archive.contains(segment)) {
        missing.add(segment);
      }
    }
    return missing;
  }

  @Override
  public void close() {}
}
