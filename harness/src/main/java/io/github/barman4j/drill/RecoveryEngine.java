package io.github.barman4j.drill;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.restore.RecoveryTarget;
import java.nio.file.Path;

/** What is drilled: takes backups, receives WAL, restores. */
interface RecoveryEngine {

  /** @param end the position where the backup is consistent */
  record Taken(String id, Lsn end, WalSegmentSize segmentSize) {}

  /**
   * @param directory does not exist yet
   * @param owner of the files
   */
  record Order(Path directory, RecoveryTarget target, String owner, int port, Path socketFolder) {}

  /** @param walSegments that PostgreSQL can ask for */
  record Files(String backupId, long bytes, long files, long walSegments) {}

  /** A receiver that runs until it is closed. */
  interface Receiver extends AutoCloseable {
    /** What it has acknowledged to the server as durable. */
    Lsn flushed();

    @Override
    void close();
  }

  Taken backup();

  Receiver receive(String slot);

  /** Selects the backup and checks that all WAL is there; throws what speaks against it. */
  void plan(Order order);

  /** Everything is in place when it returns. */
  Files restore(Order order);
}
