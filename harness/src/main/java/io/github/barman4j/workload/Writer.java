package io.github.barman4j.workload;

import io.github.barman4j.postgres.Lsn;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * One client: insert, commit, note, again, until it is told to stop. It connects again when its connection dies.
 *
 * <p>A transaction is: the insert position (for the commit before), the insert, COMMIT; three round trips.
 */
final class Writer implements Runnable {
  private static final int MIN_PAYLOAD_BYTES = 32;
  private static final int MAX_PAYLOAD_BYTES = 256;
  private static final long RECONNECT_NANOS = 20_000_000;

  private final int number;
  private final ConnectionSource source;
  private final Ledger ledger;
  private final SplittableRandom random;
  private volatile boolean stopping;
  private volatile @Nullable Connection current;
  private long seq;

  Writer(int number, ConnectionSource source, Ledger ledger, long seed) {
    this.number = number;
    this.source = source;
    this.ledger = ledger;
    this.random = new SplittableRandom(seed + number);
  }

  /** Ends after the running transaction. */
  void stop() {
    stopping = true;
  }

  /** Ends a transaction that waits for ever: its outcome is then unknown. */
  void abort() {
    Connection connection = current;
    if (connection != null) {
      try {
        connection.abort(Runnable::run);
      } catch (SQLException e) {
        // The writer's own thread meets the same error and notes the outcome.
        stopping = true;
      }
    }
  }

  @Override
  public void run() {
    while (!stopping) {
      try (Connection connection = source.open()) {
        current = connection;
        connection.setAutoCommit(false);
        writeUntilStopped(connection);
      } catch (SQLException e) {
        LockSupport.parkNanos(RECONNECT_NANOS);
      } finally {
        current = null;
      }
    }
  }

  private void writeUntilStopped(Connection connection) throws SQLException {
    try (PreparedStatement insert = LoadTable.insert(connection);
        PreparedStatement position =
            connection.prepareStatement("SELECT pg_current_wal_insert_lsn()::text")) {
      while (!stopping) {
        writeOne(connection, insert, position);
      }
      connection.rollback();
    }
  }

  private void writeOne(Connection connection, PreparedStatement insert, PreparedStatement position)
      throws SQLException {
    RowKey row = new RowKey(number, ++seq);
    long xid;
    Lsn before;
    try {
      byte[] payload = payload();
      insert.setInt(1, row.writer());
      insert.setLong(2, row.seq());
      insert.setLong(3, LoadTable.crc(payload));
      insert.setBytes(4, payload);
      try (ResultSet returned = insert.executeQuery()) {
        returned.next();
        xid = Long.parseUnsignedLong(returned.getString(1));
        before = Lsn.parse(returned.getString(2));
      }
    } catch (SQLException e) {
      note(row, Outcome.FAILED, 0, Lsn.INVALID, Lsn.INVALID);
      throw e;
    }
    connection.clearWarnings();
    try {
      connection.commit();
    } catch (SQLException e) {
      note(row, outcomeOf(e), xid, before, Lsn.INVALID);
      throw e;
    }
    long nanos = System.nanoTime();
    Instant time = Instant.now();
    boolean certain = !gaveUpSynchronousReplication(connection.getWarnings());
    Lsn after = Lsn.INVALID;
    try (ResultSet read = position.executeQuery()) {
      read.next();
      after = Lsn.parse(read.getString(1));
    } finally {
      // Acknowledged is acknowledged, also when the server dies before it tells the position.
      ledger.record(new LedgerEntry(
          row, certain ? Outcome.ACKED : Outcome.UNKNOWN, xid, before, after, nanos, time));
    }
  }

  /** The server's ERROR is an answer; a FATAL or a broken connection may come after the commit record was written. */
  static Outcome outcomeOf(SQLException commitFailure) {
    ServerErrorMessage answer =
        commitFailure instanceof PSQLException failure ? failure.getServerErrorMessage() : null;
    return answer != null && "ERROR".equals(answer.getSeverity())
        ? Outcome.FAILED
        : Outcome.UNKNOWN;
  }

  /** "canceling (the) wait for synchronous replication …" (syncrep.c, 15 to 18): committed here, on the standby perhaps not. */
  static boolean gaveUpSynchronousReplication(@Nullable SQLWarning first) {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      String text = warning.getMessage();
      if (text != null && text.contains("wait for synchronous replication")) {
        return true;
      }
    }
    return false;
  }

  private void note(RowKey row, Outcome outcome, long xid, Lsn before, Lsn after) {
    ledger.record(
        new LedgerEntry(row, outcome, xid, before, after, System.nanoTime(), Instant.now()));
  }

  private byte[] payload() {
    byte[] payload = new byte[random.nextInt(MIN_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES + 1)];
    random.nextBytes(payload);
    return payload;
  }
}
