package io.github.barman4j.postgres;

import java.time.Instant;

/**
 * Tells a record that passed its checksum by resource manager and operation, and reads its content.
 *
 * <p>Sources: rmgrlist.h (numbers), xlogrecord.h (block and data headers), xact.h and xactdesc.c (ParseCommitRecord,
 * ParseAbortRecord, ParsePrepareRecord), pg_control.h and xlog_internal.h, 15–18.
 */
final class RecordDecoder {
  static final int XLOG = 0;
  static final int TRANSACTION = 1;

  /** The four bits of a record's info that belong to its resource manager. */
  static final int OPERATION = 0xF0;

  static final int SWITCH = 0x40;

  private static final int CHECKPOINT_SHUTDOWN = 0x00;
  private static final int CHECKPOINT_ONLINE = 0x10;
  private static final int BACKUP_END = 0x50;
  private static final int RESTORE_POINT = 0x70;
  private static final int END_OF_RECOVERY = 0x90;

  private static final int TRANSACTION_OPERATION = 0x70;
  private static final int HAS_INFO = 0x80;
  private static final int COMMIT = 0x00;
  private static final int PREPARE = 0x10;
  private static final int ABORT = 0x20;
  private static final int COMMIT_PREPARED = 0x30;
  private static final int ABORT_PREPARED = 0x40;

  private static final int HAS_DATABASE = 1;
  private static final int HAS_SUBTRANSACTIONS = 1 << 1;
  private static final int HAS_FILES = 1 << 2;
  private static final int HAS_INVALIDATIONS = 1 << 3;
  private static final int HAS_TWO_PHASE = 1 << 4;
  private static final int HAS_GID = 1 << 7;
  private static final int HAS_DROPPED_STATISTICS = 1 << 8;

  private static final int FILE_BYTES = 12;
  private static final int INVALIDATION_BYTES = 16;
  private static final int RESTORE_POINT_NAME = 64;

  private static final int DATA_SHORT = 255;
  private static final int DATA_LONG = 254;
  private static final int ORIGIN = 253;
  private static final int TOP_LEVEL_XID = 252;

  /**
   * A record's place and header.
   *
   * @param info as in the record, all eight bits
   */
  record Header(WalFormat format, Lsn start, Lsn end, long xid, int resourceManager, int info) {
    WalRecord.Other other() {
      return new WalRecord.Other(start, end, xid, resourceManager, info & OPERATION);
    }
  }

  private RecordDecoder() {}

  /** Whether a record's body is looked at, so that it has to be kept until its checksum is known. */
  static boolean readsBody(int resourceManager, int info) {
    if (resourceManager == TRANSACTION) {
      return (info & TRANSACTION_OPERATION) <= ABORT_PREPARED;
    }
    if (resourceManager != XLOG) {
      return false;
    }
    return switch (info & OPERATION) {
      case CHECKPOINT_SHUTDOWN, CHECKPOINT_ONLINE, BACKUP_END, RESTORE_POINT, END_OF_RECOVERY ->
        true;
      default -> false;
    };
  }

  /** Without the body: a segment switch, or any other. */
  static WalRecord decode(Header header) {
    if (header.resourceManager == XLOG && (header.info & OPERATION) == SWITCH) {
      return new WalRecord.SegmentSwitch(header.start, header.end);
    }
    return header.other();
  }

  /**
   * With the body, {@code bytes[from, to)}.
   *
   * @throws io.github.barman4j.BarmanException (WAL_INVALID) if the body is not what the header says
   */
  static WalRecord decode(Header header, byte[] bytes, int from, int to) {
    Cursor data = mainData(header, bytes, from, to);
    return header.resourceManager == XLOG ? ofXlog(header, data) : ofTransaction(header, data);
  }

  /**
   * With no more than the beginning of a body that is too large to be kept: what a commit or an abort says first, without its
   * subtransactions. Of all others nothing is known.
   *
   * @throws io.github.barman4j.BarmanException (WAL_INVALID) if the body is not what the header says
   */
  static WalRecord decodeBeginning(Header header, byte[] bytes, int from, int to) {
    int operation = header.info & TRANSACTION_OPERATION;
    if (header.resourceManager != TRANSACTION || operation != COMMIT && operation != ABORT) {
      return header.other();
    }
    Cursor body = new Cursor(bytes, from, to);
    skipToData(header, body);
    Instant time = ServerTime.ofTimestamp(body.int64());
    return operation == COMMIT
        ? new WalRecord.Commit(header.start, header.end, header.xid, Xids.NONE, time)
        : new WalRecord.Abort(header.start, header.end, header.xid, Xids.NONE, time);
  }

  private static Cursor mainData(Header header, byte[] bytes, int from, int to) {
    Cursor body = new Cursor(bytes, from, to);
    long length = skipToData(header, body);
    if (length != body.left()) {
      throw Malformed.wal("the WAL record at " + header.start + " announces " + length
          + " bytes and holds " + body.left());
    }
    return body;
  }

  /** The records that are read here register no blocks: at most an origin and a top-level id stand before their data. */
  private static long skipToData(Header header, Cursor body) {
    while (true) {
      int id = body.unsigned8();
      switch (id) {
        case ORIGIN -> body.skip(2);
        case TOP_LEVEL_XID -> body.skip(4);
        case DATA_SHORT -> {
          return body.unsigned8();
        }
        case DATA_LONG -> {
          return body.unsigned32();
        }
        default ->
          throw Malformed.wal(
              "the WAL record at " + header.start + " has the unexpected part " + id);
      }
    }
  }

  private static WalRecord ofXlog(Header header, Cursor data) {
    switch (header.info & OPERATION) {
      case RESTORE_POINT -> {
        Instant time = ServerTime.ofTimestamp(data.int64());
        return new WalRecord.RestorePoint(
            header.start, header.end, data.text(RESTORE_POINT_NAME), time);
      }
      case END_OF_RECOVERY -> {
        Instant time = ServerTime.ofTimestamp(data.int64());
        Timeline timeline = new Timeline(data.int32());
        return new WalRecord.EndOfRecovery(
            header.start, header.end, timeline, new Timeline(data.int32()), time);
      }
      case BACKUP_END -> {
        return new WalRecord.BackupEnd(header.start, header.end, new Lsn(data.int64()));
      }
      default -> {
        return checkpoint(header, data);
      }
    }
  }

  private static WalRecord checkpoint(Header header, Cursor data) {
    Lsn redo = new Lsn(data.int64());
    Timeline timeline = new Timeline(data.int32());
    Timeline previous = new Timeline(data.int32());
    data.skip(header.format.checkpoint.time() - CheckpointLayout.AFTER_TIMELINES);
    long time = data.int64();
    if (!ServerTime.isCalendar(time)) {
      throw Malformed.wal(
          "the checkpoint at " + header.start + " has a time of " + time + " seconds since 1970");
    }
    boolean shutdown = (header.info & OPERATION) == CHECKPOINT_SHUTDOWN;
    return new WalRecord.Checkpoint(
        header.start, header.end, redo, timeline, previous, ServerTime.ofSeconds(time), shutdown);
  }

  private static WalRecord ofTransaction(Header header, Cursor data) {
    int operation = header.info & TRANSACTION_OPERATION;
    if (operation == PREPARE) {
      return prepare(header, data);
    }
    Instant time = ServerTime.ofTimestamp(data.int64());
    int content = (header.info & HAS_INFO) == 0 ? 0 : data.int32();
    if ((content & HAS_DATABASE) != 0) {
      data.skip(8);
    }
    Xids subxids = (content & HAS_SUBTRANSACTIONS) == 0 ? Xids.NONE : data.xids();
    if ((content & HAS_FILES) != 0) {
      data.skipArray(FILE_BYTES);
    }
    if ((content & HAS_DROPPED_STATISTICS) != 0) {
      data.skipArray(header.format.droppedStatisticBytes);
    }
    if ((content & HAS_INVALIDATIONS) != 0) {
      data.skipArray(INVALIDATION_BYTES);
    }
    long xid = (content & HAS_TWO_PHASE) == 0 ? header.xid : data.unsigned32();
    String gid = (content & HAS_GID) == 0 ? "" : data.text();
    return switch (operation) {
      case COMMIT -> new WalRecord.Commit(header.start, header.end, xid, subxids, time);
      case ABORT -> new WalRecord.Abort(header.start, header.end, xid, subxids, time);
      case COMMIT_PREPARED ->
        new WalRecord.CommitPrepared(header.start, header.end, xid, subxids, time, gid);
      default -> new WalRecord.AbortPrepared(header.start, header.end, xid, subxids, time, gid);
    };
  }

  private static WalRecord prepare(Header header, Cursor data) {
    data.skip(8);
    long xid = data.unsigned32();
    data.skip(4);
    Instant time = ServerTime.ofTimestamp(data.int64());
    data.skip(4);
    long subtransactions = data.unsigned32();
    data.skip(22);
    int gidLength = data.unsigned16();
    data.skip(16);
    String gid = data.text(gidLength);
    data.skip(Bytes.align8(gidLength) - gidLength);
    return new WalRecord.Prepare(
        header.start, header.end, xid, data.xids(subtransactions), time, gid);
  }
}
