package io.github.barman4j.workload;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/** The table that the writers fill, in a schema of its own beside the user's. */
public final class LoadTable {
  public static final String SCHEMA = "barman_drill";
  public static final String NAME = SCHEMA + ".commits";

  private static final int FETCH_ROWS = 10_000;

  private LoadTable() {}

  /**
   * What is in the table.
   *
   * @param damaged rows whose payload does not fit its checksum, or that are there twice
   */
  public record Content(Set<RowKey> rows, List<RowKey> damaged) {
    public Content {
      rows = Set.copyOf(rows);
      damaged = List.copyOf(damaged);
    }
  }

  public static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
      statement.execute("CREATE TABLE " + NAME
          + " (writer int NOT NULL, seq bigint NOT NULL, payload_crc bigint NOT NULL,"
          + " payload bytea NOT NULL, PRIMARY KEY (writer, seq))");
    }
  }

  static PreparedStatement insert(Connection connection) throws SQLException {
    return connection.prepareStatement("INSERT INTO " + NAME
        + " (writer, seq, payload_crc, payload) VALUES (?, ?, ?, ?)"
        + " RETURNING pg_current_xact_id()::text, pg_current_wal_insert_lsn()::text");
  }

  static long crc(byte[] payload) {
    CRC32 crc = new CRC32();
    crc.update(payload);
    return crc.getValue();
  }

  /** Reads every row and checks every payload. */
  public static Content read(Connection connection) throws SQLException {
    Set<RowKey> rows = new HashSet<>();
    List<RowKey> damaged = new ArrayList<>();
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      try (ResultSet found =
          statement.executeQuery("SELECT writer, seq, payload_crc, payload FROM " + NAME)) {
        while (found.next()) {
          RowKey row = new RowKey(found.getInt(1), found.getLong(2));
          if (!rows.add(row) || found.getLong(3) != crc(found.getBytes(4))) {
            damaged.add(row);
          }
        }
      }
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
    return new Content(rows, damaged);
  }

  /** When each row was committed, by the server's clock; needs {@code track_commit_timestamp}. */
  public static Map<RowKey, Instant> commitTimes(Connection connection) throws SQLException {
    Map<RowKey, Instant> times = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(
            "SELECT writer, seq, pg_xact_commit_timestamp(xmin) FROM " + NAME)) {
      while (found.next()) {
        OffsetDateTime time = found.getObject(3, OffsetDateTime.class);
        if (time != null) {
          times.put(new RowKey(found.getInt(1), found.getLong(2)), time.toInstant());
        }
      }
    }
    return times;
  }
}
