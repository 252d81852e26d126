package io.github.barman4j.postgres;

import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What {@code global/pg_control} says of a cluster (pg_control.h, ControlFileData, 15–19; 19 as of its release candidate 1).
 *
 * @param systemIdentifier unsigned, never 0
 * @param controlVersion layout of the file: 1300 for PostgreSQL 15 and 16, 1700 for 17, 1800 for 18, 1905 for 19
 * @param catalogVersion layout of the system catalogs, one per major
 * @param updated when it was last written, to the second
 * @param checkpoint position of the last checkpoint's record
 * @param redo where a recovery from that checkpoint begins
 * @param timeline that of the checkpoint
 * @param checkpointTime when the checkpoint began, to the second
 * @param nextXid the next transaction id at the checkpoint, with its epoch in the upper half
 * @param minRecoveryPoint how far a recovery has to go before the data is consistent; invalid outside archive recovery
 * @param minRecoveryTimeline timeline of that point; absent when there is none
 * @param backupStart redo position of the backup that is being recovered; invalid when none is
 * @param backupEnd end of the backup of a standby that is being recovered; invalid when none is
 * @param backupEndRequired whether the recovery must see the record of a backup's end
 * @param blockSize bytes of a data page
 * @param relationSegmentBlocks pages per file of a large relation
 * @param walBlockSize bytes of a page of the log
 * @param dataChecksums whether all data pages have checksums; not while they are being switched on or off, as 19 can
 */
public record ControlFile(
    long systemIdentifier,
    int controlVersion,
    int catalogVersion,
    State state,
    Instant updated,
    Lsn checkpoint,
    Lsn redo,
    Timeline timeline,
    Instant checkpointTime,
    long nextXid,
    Lsn minRecoveryPoint,
    Optional<Timeline> minRecoveryTimeline,
    Lsn backupStart,
    Lsn backupEnd,
    boolean backupEndRequired,
    int maxConnections,
    int maxWorkerProcesses,
    int maxWalSenders,
    int maxPreparedTransactions,
    int maxLocksPerTransaction,
    int blockSize,
    int relationSegmentBlocks,
    int walBlockSize,
    WalSegmentSize segmentSize,
    boolean dataChecksums) {

  /** Where it lies in a data directory. */
  public static final String PATH = "global/pg_control";

  /** The newest release whose layout is known. */
  public static final int NEWEST_MAJOR = 19;

  private static final int CHECKPOINT = ControlLayout.CHECKPOINT;

  /** How the server was left, or what it is doing; in the order of pg_control.h's DBState. */
  public enum State {
    STARTING_UP,
    SHUT_DOWN,
    SHUT_DOWN_IN_RECOVERY,
    SHUTTING_DOWN,
    IN_CRASH_RECOVERY,
    IN_ARCHIVE_RECOVERY,
    IN_PRODUCTION;

    /** Whether it ended in an orderly way and has not been started since. */
    public boolean isShutDown() {
      return this == SHUT_DOWN || this == SHUT_DOWN_IN_RECOVERY;
    }
  }

  /**
   * Reads the file's content, of which the first few hundred bytes count.
   *
   * @throws io.github.barman4j.BarmanException (CONTROL_FILE_INVALID) if it is too short, of an unknown layout, its CRC-32C is
   *     wrong, which a read during a write can cause too, or a value is out of range
   */
  public static ControlFile parse(byte[] file) {
    if (file.length < ControlLayout.LONGEST) {
      throw damaged("of " + file.length + " bytes is cut short");
    }
    int version = Bytes.int32(file, 8);
    ControlLayout layout = ControlLayout.of(version);
    int checksummed = layout.checksummed();
    CRC32C checksum = new CRC32C();
    checksum.update(file, 0, checksummed);
    if ((int) checksum.getValue() != Bytes.int32(file, checksummed)) {
      throw damaged("has a wrong checksum");
    }
    return read(file, version, layout);
  }

  private static ControlFile read(byte[] file, int version, ControlLayout layout) {
    CheckpointLayout checkpoint = layout.checkpoint();
    int recovery = layout.recovery();
    int segmentSize = Bytes.int32(file, layout.segmentSize());
    int state = Bytes.int32(file, 16);
    int timeline = Bytes.int32(file, CHECKPOINT + CheckpointLayout.TIMELINE);
    int minRecoveryTimeline = Bytes.int32(file, recovery + 8);
    if (Bytes.int64(file, 0) == 0
        || state < 0
        || state >= State.values().length
        || timeline < 1
        || minRecoveryTimeline < 0
        || !ServerTime.isCalendar(Bytes.int64(file, 24))
        || !ServerTime.isCalendar(Bytes.int64(file, CHECKPOINT + checkpoint.time()))
        || !WalSegmentSize.isValid(segmentSize)) {
      throw damaged("has a value out of range");
    }
    return new ControlFile(
        Bytes.int64(file, 0),
        version,
        Bytes.int32(file, 12),
        State.values()[state],
        ServerTime.ofSeconds(Bytes.int64(file, 24)),
        lsn(file, 32),
        lsn(file, CHECKPOINT + CheckpointLayout.REDO),
        new Timeline(timeline),
        ServerTime.ofSeconds(Bytes.int64(file, CHECKPOINT + checkpoint.time())),
        Bytes.int64(file, CHECKPOINT + checkpoint.nextXid()),
        lsn(file, recovery),
        minRecoveryTimeline == 0
            ? Optional.empty()
            : Optional.of(new Timeline(minRecoveryTimeline)),
        lsn(file, recovery + 16),
        lsn(file, recovery + 24),
        file[recovery + 32] != 0,
        Bytes.int32(file, recovery + 44),
        Bytes.int32(file, recovery + 48),
        Bytes.int32(file, recovery + 52),
        Bytes.int32(file, recovery + 56),
        Bytes.int32(file, recovery + 60),
        Bytes.int32(file, recovery + 80),
        Bytes.int32(file, recovery + 84),
        Bytes.int32(file, layout.segmentSize() - 4),
        new WalSegmentSize(segmentSize),
        Bytes.int32(file, layout.dataChecksums()) == 1);
  }

  private static Lsn lsn(byte[] file, int offset) {
    return new Lsn(Bytes.int64(file, offset));
  }

  private static RuntimeException damaged(String problem) {
    return Malformed.controlFile(
        "pg_control " + problem,
        "read it again: the server may have been writing it; if that does not help, it is damaged.");
  }
}
