package io.github.barman4j.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of one result set of a replication command: small, and all in memory. */
final class ResultTable {
  /** A million tablespaces would fit; a server that sends more is none. */
  private static final long LARGEST = 64L << 20;

  private final List<String> columns = new ArrayList<>();
  private final List<List<byte @Nullable []>> rows = new ArrayList<>();
  private long bytes;

  /** From a RowDescription. */
  ResultTable(ByteBuffer description) {
    int count = description.getShort();
    for (int i = 0; i < count; i++) {
      columns.add(Payload.string(description));
      // table 4, column 2, type 4, its length 2, modifier 4, format 2 (manual, 55.7,
      // RowDescription)
      description.position(description.position() + 18);
    }
    Payload.end(description);
  }

  /** A DataRow. */
  void add(ByteBuffer row) {
    bytes += row.remaining();
    if (bytes > LARGEST) {
      throw Payload.violation("a result of more than " + LARGEST + " bytes");
    }
    int count = row.getShort();
    if (count != columns.size()) {
      throw Payload.violation("a row of " + count + " columns under " + columns.size() + " titles");
    }
    List<byte @Nullable []> fields = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      fields.add(Payload.field(row));
    }
    Payload.end(row);
    rows.add(fields);
  }

  int size() {
    return rows.size();
  }

  /** Refuses any other number of rows. */
  ResultTable exactly(int count) {
    if (rows.size() != count) {
      throw Payload.violation(rows.size() + " rows where " + count + " were expected: " + columns);
    }
    return this;
  }

  @Nullable
  String text(int row, String column) {
    byte[] field = bytes(row, column);
    return field == null ? null : new String(field, StandardCharsets.UTF_8);
  }

  /** Refuses null. */
  String required(int row, String column) {
    String text = text(row, column);
    if (text == null) {
      throw Payload.violation("no value for '" + column + "'");
    }
    return text;
  }

  byte @Nullable [] bytes(int row, String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw Payload.violation("no column '" + column + "' among " + columns);
    }
    return rows.get(row).get(index);
  }
}
