package io.github.barman4j.backup;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.receive.BackupWalStream;
import java.time.Duration;

/** The backup streams its WAL itself, on a temporary slot that is gone with the connection. */
final class OwnStreamSupply implements WalSupply {
  private final BackupWalStream stream;
  private final Duration limit;

  OwnStreamSupply(BackupWalStream stream, Duration limit) {
    this.stream = stream;
    this.limit = limit;
  }

  @Override
  public void checkAlive() {
    stream.checkAlive();
  }

  @Override
  public void awaitArchived(Timeline timeline, Lsn begin, Lsn end) {
    stream.awaitArchived(timeline, begin, timeline, end, limit);
  }

  @Override
  public void close() {
    stream.close();
  }
}
