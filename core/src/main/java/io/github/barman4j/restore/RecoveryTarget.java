package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * The moment that a restore brings a cluster back to (manual, section 20.5.5, recovery target). The texts that users write are
 * read by {@link TargetText}.
 */
public sealed interface RecoveryTarget {

  /** What the front end prints: "the latest point", "LSN 0/16B3748 (exclusive)". */
  String describe();

  private static String describe(String what, boolean inclusive) {
    return inclusive ? what : what + " (exclusive)";
  }

  /** All WAL that there is. */
  record Latest() implements RecoveryTarget {
    @Override
    public String describe() {
      return "the latest point";
    }
  }

  /** The earliest consistent point: the end of the backup. */
  record Immediate() implements RecoveryTarget {
    @Override
    public String describe() {
      return "the end of the backup";
    }
  }

  /**
   * A moment by the server's clock, as commit and abort records carry it.
   *
   * @param time whole microseconds, the resolution of the server's type
   * @param inclusive true replays the transactions that ended at this very moment, false does not
   */
  record AtTime(Instant time, boolean inclusive) implements RecoveryTarget {
    public AtTime {
      if (time.getNano() % 1000 != 0) {
        throw new BarmanException(
            ErrorCode.TARGET_INVALID,
            "the target time " + time + " is finer than a microsecond",
            "PostgreSQL stamps transactions in microseconds: leave six digits of the fraction.");
      }
    }

    @Override
    public String describe() {
      return RecoveryTarget.describe("time " + time, inclusive);
    }
  }

  /**
   * A position in the WAL: recovery ends with the first record that begins at or after it.
   *
   * @param inclusive true replays that record, false stops before it
   */
  record AtLsn(Lsn lsn, boolean inclusive) implements RecoveryTarget {
    @Override
    public String describe() {
      return RecoveryTarget.describe("LSN " + lsn, inclusive);
    }
  }

  /**
   * The end of a transaction. Transactions that ended before it are replayed, whatever their number.
   *
   * @param xid unsigned; of a 64-bit id the server compares the lower 32 bits (xlogrecovery.c, check_recovery_target_xid, 15–18)
   * @param inclusive true replays the transaction, false stops before its end
   */
  record AtXid(long xid, boolean inclusive) implements RecoveryTarget {
    private static final long FIRST_NORMAL = 3;

    public AtXid {
      if (Integer.toUnsignedLong((int) xid) < FIRST_NORMAL) {
        throw new BarmanException(
            ErrorCode.TARGET_INVALID,
            "no transaction of a user has the id " + Long.toUnsignedString(xid),
            "name one that pg_current_xact_id() gave.");
      }
    }

    /** The 32 bits that WAL records hold. */
    long shortXid() {
      return Integer.toUnsignedLong((int) xid);
    }

    @Override
    public String describe() {
      return RecoveryTarget.describe("transaction " + Long.toUnsignedString(xid), inclusive);
    }
  }

  /** A restore point, made with pg_create_restore_point(). */
  record AtName(String name) implements RecoveryTarget {
    private static final int MAXIMUM_BYTES = 63;

    public AtName {
      int bytes = name.getBytes(StandardCharsets.UTF_8).length;
      if (name.isBlank() || bytes > MAXIMUM_BYTES) {
        throw new BarmanException(
            ErrorCode.TARGET_INVALID,
            "a restore point cannot be called '" + name + "'",
            "a name has from 1 to " + MAXIMUM_BYTES + " bytes; pg_create_restore_point() made it.");
      }
    }

    @Override
    public String describe() {
      return "restore point '" + name + "'";
    }
  }
}
