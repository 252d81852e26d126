package io.github.barman4j.backup;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.receive.BackupWalStream;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;

/**
 * Where a backup's WAL comes from while it is taken. Used by one thread.
 *
 * <p>{@link #close()} ends what was begun for this backup alone; WAL that is archived stays.
 */
public interface WalSupply extends AutoCloseable {

  /** Throws when the supply has failed, so that a long copy does not go on for nothing. */
  void checkAlive();

  /**
   * Waits until every segment from {@code begin} to the one that holds the last byte before {@code end} is archived.
   *
   * @throws io.github.barman4j.BarmanException naming what is missing when the time is over or the supply has failed
   */
  void awaitArchived(Timeline timeline, Lsn begin, Lsn end);

  @Override
  void close();

  /** A receiver of this server archives the WAL; {@code limit} is how long to wait for it after the stop. */
  static WalSupply fromReceiver(
      ServerRepository repository, WalArchive archive, WalSegmentSize size, Duration limit) {
    return new ReceiverSupply(repository, archive, size, limit);
  }

  /** The backup streams the WAL itself; closing the supply closes the stream. */
  static WalSupply fromStream(BackupWalStream stream, Duration limit) {
    return new OwnStreamSupply(stream, limit);
  }
}
