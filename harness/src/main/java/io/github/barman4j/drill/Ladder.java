package io.github.barman4j.drill;

import io.github.barman4j.InterruptedWork;
import io.github.barman4j.cluster.IsolatedServer;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * What is looked at on a restored cluster whose content nobody here knows, rung by rung, each in every database: what it could reach
 * outside, the structure of tables and indexes, every row, the user's queries. It also keeps what it could not look at.
 */
final class Ladder {
  private static final String SCHEMA = "barman_drill";
  private static final int MOST_NAMED = 5;

  private final IsolatedServer server;
  private final List<Check> checks = new ArrayList<>();
  private final TreeSet<String> unverified = new TreeSet<>();
  private List<String> databases = List.of();
  private long indexes;
  private long tables;
  private long rows;
  private long bytes;

  Ladder(IsolatedServer server) {
    this.server = server;
  }

  /** The rungs that have been climbed. */
  List<Check> checks() {
    return List.copyOf(checks);
  }

  /** What nobody has looked at, a phrase each. */
  List<String> unverified() {
    return List.copyOf(unverified);
  }

  List<Figure> figures() {
    return List.of(
        new Figure("databases", databases.size()),
        new Figure("indexesChecked", indexes),
        new Figure("tablesRead", tables),
        new Figure("rowsRead", rows),
        new Figure("bytesRead", bytes));
  }

  /** A rung for the report that was climbed elsewhere. */
  void add(Check check) {
    checks.add(check);
  }

  void cannotVerify(String what) {
    unverified.add(what);
  }

  /**
   * What the restored server could reach production with.
   *
   * @param repository no setting may name it
   */
  void isolation(Connection connection, Path repository) throws SQLException {
    List<String> found = texts(
        connection,
        "SELECT name || ' is ' || setting FROM pg_settings WHERE setting <> '' AND name IN ("
            + "'primary_conninfo', 'primary_slot_name', 'synchronous_standby_names',"
            + " 'listen_addresses',"
            + " 'shared_preload_libraries')"
            + " OR name = 'archive_mode' AND setting <> 'off'"
            + " OR name = 'max_logical_replication_workers' AND setting <> '0'"
            + " ORDER BY 1");
    found.addAll(texts(
        connection,
        "SELECT 'replication slot ' || slot_name || ' is there' FROM pg_replication_slots"));
    found.addAll(texts(
        connection,
        "SELECT name || ' names the repository' FROM pg_settings WHERE strpos(setting, '"
            + repository.toString().replace("'", "''") + "') > 0"));
    checks.add(check(
        "isolation",
        found,
        "no archiving, no upstream, no slots, no subscriptions, no network address"));
  }

  /** Opens databases that let nobody in, such as template0, and finds out which there are. */
  void open(Connection connection) throws SQLException {
    for (String closed : texts(
        connection,
        "SELECT quote_ident(datname) FROM pg_database WHERE NOT datallowconn AND datconnlimit <> -2")) {
      execute(connection, "ALTER DATABASE " + closed + " ALLOW_CONNECTIONS true");
    }
    databases = texts(
        connection, "SELECT datname FROM pg_database WHERE datconnlimit <> -2 ORDER BY datname");
    texts(connection, "SELECT datname FROM pg_database WHERE datconnlimit = -2")
        .forEach(name -> unverified.add(
            "database " + name + ", which was being dropped when the server stopped"));
  }

  /** amcheck: every btree index against its table, every table's rows. */
  void structure() {
    List<String> problems = new ArrayList<>();
    boolean available = true;
    for (String database : databases) {
      try (Connection connection = server.connect(database)) {
        available = !texts(
                connection, "SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
            .isEmpty();
        if (!available) {
          break;
        }
        structure(connection, database, problems);
      } catch (SQLException e) {
        problems.add("database " + database + ": " + said(e));
      }
    }
    if (available) {
      checks.add(check("amcheck", problems, indexes + " indexes and all tables are sound"));
    } else {
      unverified.add("the structure of tables and indexes: these programs have no amcheck");
    }
  }

  private void structure(Connection connection, String database, List<String> problems)
      throws SQLException {
    execute(connection, "CREATE SCHEMA IF NOT EXISTS " + SCHEMA);
    execute(connection, "CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA " + SCHEMA);
    String schema = texts(
            connection,
            "SELECT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n"
                + " ON n.oid = e.extnamespace WHERE e.extname = 'amcheck'")
        .get(0);
    for (String index : texts(
        connection,
        "SELECT c.oid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            + " JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relkind = 'i'"
            + " AND c.relpersistence = 'p' AND i.indisready AND i.indisvalid")) {
      indexes++;
      attempt(
          connection,
          "SELECT " + schema + ".bt_index_check(" + index + ", true)",
          "index " + index,
          database,
          problems);
    }
    for (String table : texts(
        connection,
        "SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'heap'"
            + " AND c.relkind IN ('r', 'm', 't') AND c.relpersistence = 'p'")) {
      try {
        texts(
                connection,
                "SELECT " + table + "::regclass || ': ' || msg FROM " + schema + ".verify_heapam("
                    + table + ") LIMIT " + MOST_NAMED)
            .forEach(found -> problems.add("database " + database + ": " + found));
      } catch (SQLException e) {
        problems.add("database " + database + ", table " + table + ": " + said(e));
      }
    }
    texts(
            connection,
            "SELECT DISTINCT a.amname FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                + " WHERE c.relkind IN ('i', 'r', 'm') AND a.amname NOT IN ('btree', 'heap')")
        .forEach(method -> unverified.add("the structure of what has the access method " + method
            + ", which amcheck does not know"));
  }

  private static void attempt(
      Connection connection, String sql, String what, String database, List<String> problems) {
    try {
      execute(connection, sql);
    } catch (SQLException e) {
      problems.add("database " + database + ", " + what + ": " + said(e));
    }
  }

  /** Every row of every table, with what lies in TOAST, as pg_dump would take it out. */
  void readEverything() {
    List<String> problems = new ArrayList<>();
    for (String database : databases) {
      try (Connection connection = server.connect(database)) {
        notes(connection, database);
        for (String table : texts(
            connection,
            "SELECT CASE c.relkind WHEN 'm' THEN '(SELECT * FROM ' || c.oid::regclass || ')'"
                + " ELSE c.oid::regclass::text END"
                + " FROM pg_class c WHERE c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated"
                + " ORDER BY c.oid")) {
          tables++;
          try {
            Sink sink = new Sink();
            rows += connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY " + table + " TO STDOUT", sink);
            bytes += sink.count;
          } catch (SQLException | IOException e) {
            problems.add("database " + database + ", " + table + ": " + said(e));
          }
        }
      } catch (SQLException e) {
        problems.add("database " + database + ": " + said(e));
      }
    }
    checks.add(check(
        "full-read",
        problems,
        rows + " rows of " + tables + " tables in " + databases.size() + " databases were read"));
  }

  /** What these programs see differently than those that wrote the cluster. */
  private void notes(Connection connection, String database) throws SQLException {
    texts(
            connection,
            "SELECT e.extname FROM pg_extension e WHERE NOT EXISTS (SELECT FROM"
                + " pg_available_extensions a WHERE a.name = e.extname)")
        .forEach(name ->
            unverified.add("what the extension " + name + " does: these programs do not have it"));
    texts(
            connection,
            "SELECT datcollversion || ', here ' || pg_database_collation_actual_version(oid)"
                + " FROM pg_database WHERE datname = current_database()"
                + " AND datcollversion <> pg_database_collation_actual_version(oid)")
        .forEach(versions -> unverified.add("the order of text in database " + database
            + ": its collation has version " + versions));
    String foreign =
        texts(connection, "SELECT count(*) FROM pg_class WHERE relkind = 'f'").get(0);
    if (!foreign.equals("0")) {
      unverified.add("the content of " + foreign + " foreign tables in database " + database);
    }
  }

  /**
   * The user's queries.
   *
   * @param wanted the database; null for the only one that a user has made
   */
  void script(Path script, @Nullable String wanted) {
    List<String> own = databases.stream()
        .filter(name -> !List.of("postgres", "template0", "template1").contains(name))
        .toList();
    if (wanted == null && own.size() > 1) {
      checks.add(new Check(
          "script",
          false,
          "it was not run: the cluster has the databases " + String.join(", ", own)
              + "; name one with barman.drill.checkDatabase"));
      return;
    }
    String database = wanted != null ? wanted : own.isEmpty() ? "postgres" : own.get(0);
    List<String> violations;
    try (Connection connection = server.connectAsUser(database)) {
      violations = SqlScript.violations(connection, script);
    } catch (SQLException e) {
      violations = List.of("database " + database + ": " + said(e));
    }
    checks.add(check("script", violations, "no query returned a row in database " + database));
  }

  static Check check(String name, List<String> problems, String fine) {
    if (problems.isEmpty()) {
      return new Check(name, true, fine);
    }
    String named = String.join("; ", problems.subList(0, Math.min(MOST_NAMED, problems.size())));
    int more = problems.size() - MOST_NAMED;
    return new Check(name, false, named + (more > 0 ? "; and " + more + " more" : ""));
  }

  /** @throws io.github.barman4j.BarmanException with code INTERRUPTED when that is why it failed */
  private static String said(Exception failure) {
    if (InterruptedWork.isCauseOf(failure)) {
      throw InterruptedWork.in("looking at the restored server", failure);
    }
    return String.valueOf(failure.getMessage());
  }

  static List<String> texts(Connection connection, String query) throws SQLException {
    List<String> found = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        found.add(result.getString(1));
      }
    }
    return found;
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Counts what is written to it and keeps nothing. */
  private static final class Sink extends OutputStream {
    private long count;

    @Override
    public void write(int one) {
      count++;
    }

    @Override
    public void write(byte[] some, int from, int length) {
      count += length;
    }
  }
}
