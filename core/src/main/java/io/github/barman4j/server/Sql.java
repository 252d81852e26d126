package io.github.barman4j.server;

import io.github.barman4j.protocol.HostAddress;
import io.github.barman4j.protocol.SqlFailure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Runs queries and translates their errors. For one thread. */
final class Sql {
  @FunctionalInterface
  interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final HostAddress host;

  Sql(Connection connection, HostAddress host) {
    this.connection = connection;
    this.host = host;
  }

  /** @param doing as in "reading the settings" */
  <T> List<T> list(String doing, String query, Row<T> row, Object... parameters) {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.read(rows));
        }
      }
      return found;
    } catch (SQLException e) {
      throw SqlFailure.of(e, host, doing);
    }
  }

  /** The only row. */
  <T> T one(String doing, String query, Row<T> row, Object... parameters) {
    List<T> rows = list(doing, query, row, parameters);
    if (rows.size() != 1) {
      throw new IllegalStateException(rows.size() + " rows of " + query);
    }
    return rows.get(0);
  }

  void execute(String doing, String command) {
    try (PreparedStatement statement = connection.prepareStatement(command)) {
      statement.execute();
    } catch (SQLException e) {
      throw SqlFailure.of(e, host, doing);
    }
  }
}
