package io.github.barman4j.workload;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The content of every permanent table of a database, and of its large objects, as hashes that do not depend on the order of rows.
 *
 * <p>Computed by the server: two sums over 64-bit hashes of each row's text form. Hashes compare between servers of one major
 * version. Tables that a recovery empties by design (unlogged, temporary) are left out, and sequences, which may jump ahead.
 *
 * @param tables by {@code schema.table}
 */
public record TableHashes(SortedMap<String, TableHash> tables) {
  private static final String TABLES = """
      SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p'
        AND (n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' OR c.oid = 'pg_largeobject'::regclass)
        AND (c.relkind = 'r' OR c.relispopulated)
      """;

  /** What a row looks like as text must not depend on who asks. */
  private static final List<String> TEXT_FORM = List.of(
      "SET LOCAL datestyle = 'ISO, YMD'",
      "SET LOCAL intervalstyle = 'iso_8601'",
      "SET LOCAL timezone = 'UTC'",
      "SET LOCAL extra_float_digits = 1",
      "SET LOCAL bytea_output = 'hex'",
      "SET LOCAL row_security = off",
      "SET LOCAL search_path = pg_catalog");

  public TableHashes {
    tables = Collections.unmodifiableSortedMap(new TreeMap<>(tables));
  }

  /**
   * @param rows how many there are
   * @param hash equal for equal content
   */
  public record TableHash(long rows, String hash) {}

  /** Reads all tables of the connection's database in one snapshot; the connection must not be in a transaction. */
  public static TableHashes of(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
      for (String setting : TEXT_FORM) {
        statement.execute(setting);
      }
      SortedMap<String, TableHash> hashes = new TreeMap<>();
      for (String table : names(statement)) {
        hashes.put(table, hash(statement, table));
      }
      return new TableHashes(hashes);
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  private static List<String> names(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(TABLES)) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private static TableHash hash(Statement statement, String table) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT count(*),"
        + " coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text || ' ' ||"
        + " coalesce(sum(hashtextextended(t::text, 1)::numeric), 0)::text FROM " + table + " t")) {
      row.next();
      return new TableHash(row.getLong(1), row.getString(2));
    }
  }

  /** Without one table. */
  public TableHashes without(String table) {
    SortedMap<String, TableHash> rest = new TreeMap<>(tables);
    rest.remove(table);
    return new TableHashes(rest);
  }

  /** What differs from what was expected, one sentence for each table, in order of name; empty when all is equal. */
  public List<String> differencesFrom(TableHashes expected) {
    List<String> differences = new ArrayList<>();
    TreeSet<String> names = new TreeSet<>(tables.keySet());
    names.addAll(expected.tables.keySet());
    for (String name : names) {
      TableHash mine = tables.get(name);
      TableHash theirs = expected.tables.get(name);
      if (mine == null) {
        differences.add("table " + name + " is missing");
      } else if (theirs == null) {
        differences.add("table " + name + " was not there before");
      } else if (!mine.equals(theirs)) {
        differences.add("table " + name + " has " + mine.rows + " rows instead of " + theirs.rows
            + (mine.rows == theirs.rows ? " with other content" : ""));
      }
    }
    return differences;
  }
}
