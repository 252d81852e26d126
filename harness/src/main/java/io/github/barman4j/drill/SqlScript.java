package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/** SQL statements of the user's, separated by semicolons, each committed by itself. */
final class SqlScript {
  private SqlScript() {}

  /** @throws BarmanException with code DRILL_CONFIGURATION when a statement fails */
  static void run(Connection connection, Path file) {
    String running = "";
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements(file)) {
        running = sql;
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the script " + file + " failed: " + e.getMessage() + ", in " + beginning(running),
          "try it on an empty database; psql's own commands, which begin with a backslash, are not known here",
          e);
    }
  }

  /** Runs queries that must return no row; returns a sentence for each that fails or returns one. */
  static List<String> violations(Connection connection, Path file) {
    List<String> found = new ArrayList<>();
    for (String sql : statements(file)) {
      try (Statement statement = connection.createStatement()) {
        if (statement.execute(sql)) {
          try (ResultSet rows = statement.getResultSet()) {
            if (rows.next()) {
              found.add(beginning(sql) + " returns " + first(rows));
            }
          }
        }
      } catch (SQLException e) {
        found.add(beginning(sql) + " fails: " + e.getMessage());
      }
    }
    return found;
  }

  /** @throws BarmanException with code DRILL_CONFIGURATION when it cannot be read or is no SQL */
  static List<String> statements(Path file) {
    try {
      return split(Files.readString(file));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the script " + file + " cannot be read as UTF-8 text",
          "name an existing file",
          e);
    } catch (SQLException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the script " + file + " is no SQL: " + e.getMessage(),
          "look for a quote that is not closed",
          e);
    }
  }

  /** With the driver's own parser, which knows quotes, comments and function bodies. */
  static List<String> split(String text) throws SQLException {
    List<String> statements = new ArrayList<>();
    for (NativeQuery query : Parser.parseJdbcSql(text, true, false, true, false, false)) {
      if (!query.nativeSql.isBlank()) {
        statements.add(query.nativeSql.strip());
      }
    }
    return statements;
  }

  private static String first(ResultSet row) throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      values.add(String.valueOf(row.getString(i)));
    }
    return "(" + String.join(", ", values) + ")";
  }

  private static String beginning(String sql) {
    String line = sql.replaceAll("\\s+", " ");
    return "'" + (line.length() > 80 ? line.substring(0, 80) + "…" : line) + "'";
  }
}
