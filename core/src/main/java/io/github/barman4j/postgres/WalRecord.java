package io.github.barman4j.postgres;

import java.time.Instant;

/**
 * A complete record of the write-ahead log whose checksum was right. Those that decide where a recovery can stop are told apart;
 * all others are {@link Other}.
 *
 * <p>Sources: xact.h and pg_control.h (operation codes), xlog_internal.h (restore point, end of recovery), 15–18.
 */
public sealed interface WalRecord {
  /** Position of its first byte: what pg_waldump prints, and what the next record links back to. */
  Lsn start();

  /**
   * Position after it, where the next record or page begins; for {@link SegmentSwitch} the end of the segment. A recovery up to and
   * including this record ends here.
   */
  Lsn end();

  /** The transaction that it speaks of, unsigned 32 bits; 0 if none. */
  long xid();

  /** The end of a transaction, at which a recovery can stop by time or by transaction id. */
  sealed interface TransactionEnd extends WalRecord {
    /**
     * Subtransactions that ended with it; none of them are known where their list alone takes more than 64 MiB (16 million of them).
     */
    Xids subxids();

    /** When it ended by the server's clock, to the microsecond. */
    Instant time();

    /** Whether it committed. */
    boolean committed();
  }

  /** A commit. */
  record Commit(Lsn start, Lsn end, long xid, Xids subxids, Instant time)
      implements TransactionEnd {
    @Override
    public boolean committed() {
      return true;
    }
  }

  /** A rollback; only transactions that had an id leave one. */
  record Abort(Lsn start, Lsn end, long xid, Xids subxids, Instant time) implements TransactionEnd {
    @Override
    public boolean committed() {
      return false;
    }
  }

  /**
   * COMMIT PREPARED.
   *
   * @param xid that of the transaction that had been prepared, which is what {@code recovery_target_xid} compares
   * @param gid the name that the client gave it; empty where the server did not log it (wal_level below logical)
   */
  record CommitPrepared(Lsn start, Lsn end, long xid, Xids subxids, Instant time, String gid)
      implements TransactionEnd {
    @Override
    public boolean committed() {
      return true;
    }
  }

  /** ROLLBACK PREPARED; see {@link CommitPrepared}. */
  record AbortPrepared(Lsn start, Lsn end, long xid, Xids subxids, Instant time, String gid)
      implements TransactionEnd {
    @Override
    public boolean committed() {
      return false;
    }
  }

  /** PREPARE TRANSACTION: first phase, nothing has ended. */
  record Prepare(Lsn start, Lsn end, long xid, Xids subxids, Instant time, String gid)
      implements WalRecord {}

  /** A named restore point ({@code pg_create_restore_point}). */
  record RestorePoint(Lsn start, Lsn end, String name, Instant time)
      implements WithoutTransaction {}

  /** A promoted server's first record: {@code timeline} begins, {@code previous} was left. */
  record EndOfRecovery(Lsn start, Lsn end, Timeline timeline, Timeline previous, Instant time)
      implements WithoutTransaction {}

  /**
   * A checkpoint.
   *
   * @param redo where a recovery from it begins
   * @param previous differs from {@code timeline} when the record begins a timeline
   * @param time to the second
   * @param shutdown whether nothing was running
   */
  record Checkpoint(
      Lsn start,
      Lsn end,
      Lsn redo,
      Timeline timeline,
      Timeline previous,
      Instant time,
      boolean shutdown)
      implements WithoutTransaction {}

  /** The rest of the segment holds nothing. */
  record SegmentSwitch(Lsn start, Lsn end) implements WithoutTransaction {}

  /** A base backup that began at {@code backupStart} is consistent from here on. */
  record BackupEnd(Lsn start, Lsn end, Lsn backupStart) implements WithoutTransaction {}

  /**
   * Any other record.
   *
   * @param resourceManager number of the resource manager (rmgrlist.h); 128 and above belong to extensions
   * @param info the resource manager's own flags, four upper bits of a byte
   */
  record Other(Lsn start, Lsn end, long xid, int resourceManager, int info) implements WalRecord {}

  /** Records that belong to no transaction. */
  sealed interface WithoutTransaction extends WalRecord {
    @Override
    default long xid() {
      return 0;
    }
  }
}
