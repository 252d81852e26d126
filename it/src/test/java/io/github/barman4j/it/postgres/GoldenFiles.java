package io.github.barman4j.it.postgres;

import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * The golden files of the engine's unit tests: segments and control files as real servers wrote them, with what those servers said
 * of them. Written only when asked for, all majors anew:
 *
 * <pre>{@code
 * mvn -B verify -pl it -am -Dit.test=WalReaderIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
 *   -Dfailsafe.failIfNoSpecifiedTests=false -Dinvoker.skip \
 *   -Dbarman.it.golden=$PWD/core/src/test/resources/io/github/barman4j/postgres
 * }</pre>
 */
final class GoldenFiles {
  private final @Nullable Path folder;

  private GoldenFiles(@Nullable Path folder) {
    this.folder = folder;
  }

  static GoldenFiles of(int major) throws IOException {
    String root = System.getProperty("barman.it.golden", "");
    if (root.isEmpty()) {
      return new GoldenFiles(null);
    }
    Path folder = Files.createDirectories(Path.of(root, Integer.toString(major)));
    try (var old = Files.list(folder)) {
      for (Path file : old.toList()) {
        Files.delete(file);
      }
    }
    return new GoldenFiles(folder);
  }

  /** Segments, and the lines that the server said of them, as {@code <name>.txt.gz}. */
  void wal(String name, Path wal, List<WalSegment> segments, List<String> told) throws IOException {
    if (folder == null) {
      return;
    }
    for (WalSegment segment : segments) {
      compress(segment.name(), Files.readAllBytes(wal.resolve(segment.name())));
    }
    compress(name + ".txt", String.join("\n", told).getBytes(StandardCharsets.UTF_8));
  }

  void copy(Path file) throws IOException {
    if (folder != null) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }

  /** The control file, and what the server's functions say of it, as {@code pg_control.txt}: one {@code name=value} a line. */
  void control(Connection connection, Path file) throws IOException, SQLException {
    if (folder == null) {
      return;
    }
    StringBuilder said = new StringBuilder();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT");
      for (String part : List.of("system", "checkpoint", "recovery", "init")) {
        try (ResultSet row = statement.executeQuery("SELECT * FROM pg_control_" + part + "()")) {
          row.next();
          for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
            said.append(row.getMetaData().getColumnName(column))
                .append('=')
                .append(row.getString(column))
                .append('\n');
          }
        }
      }
      try (ResultSet rows = statement.executeQuery(
          "SELECT name, setting FROM pg_settings WHERE name IN ('max_connections', 'max_worker_processes', 'max_wal_senders',"
              + " 'max_prepared_transactions', 'max_locks_per_transaction') ORDER BY name")) {
        while (rows.next()) {
          said.append(rows.getString(1)).append('=').append(rows.getString(2)).append('\n');
        }
      }
    }
    compress("pg_control", Files.readAllBytes(file));
    Files.writeString(folder.resolve("pg_control.txt"), said);
  }

  private void compress(String name, byte[] content) throws IOException {
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve(name + ".gz")))) {
      out.write(content);
    }
  }
}
