package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL server that may be broken at will.
 *
 * <p>Used by one thread, but for {@link #connect}, {@link #jdbcUrl} and {@link #log}, which are safe from any. Whoever starts a
 * cluster closes it.
 */
public interface Cluster extends AutoCloseable {

  /**
   * Starts the server again after {@link #stop} or {@link #kill} and waits until it accepts connections.
   *
   * @throws BarmanException with code DRILL_CLUSTER and the end of the server's log when it does not
   */
  void start();

  /** Starts the server without waiting for anything; the log tells how far it is. */
  void launch();

  /** Waits after {@link #launch} until the server accepts connections that write: recovery is over. */
  void awaitReady();

  /** Waits after {@link #launch} until the server accepts connections that read: it may still recover or be paused. */
  void awaitReadOnly();

  /**
   * Asks the server for what an honest figure needs; {@link #start} has done it.
   *
   * @throws BarmanException with code DRILL_CLUSTER when a commit would not be durable
   */
  void requireDurable();

  /** Stops the server and waits for its end. Nothing happens when it does not run. */
  void stop(StopMode mode);

  /**
   * Kills every process of the server with SIGKILL, none of them able to react to the death of another, and waits until all are
   * gone.
   *
   * @return {@link System#nanoTime()} just before the first process was killed
   */
  long kill();

  /**
   * Runs a program that is installed with the server to its end, as the server's account and where the server runs. What it leaves
   * running in a container is killed with the server.
   *
   * @return what it has written
   * @throws BarmanException with code DRILL_CLUSTER when it is not there or fails
   */
  String run(List<String> command);

  /** Stops one of the server's processes where it is (SIGSTOP), until it is killed. */
  void suspendProcess(long pid);

  /** Stops every process of the server where it is, which keeps its connections, until {@link #resume} or {@link #kill}. */
  void pause();

  /** Lets a paused server go on; nothing happens to one that does not run any more. */
  void resume();

  /**
   * From its next start on the server's clock differs from this machine's, where {@link Servers#whyClocksStay} does not say why it cannot.
   *
   * @param ahead negative for a clock that is behind, zero for this machine's
   */
  void setClock(Duration ahead);

  boolean isRunning();

  /** Deletes the data directory, {@code pg_wal} included, and all tablespaces. The server must not run. */
  void deleteDataDirectory();

  Path dataDirectory();

  /** Where the server's socket is, and a new cluster's files. */
  Path socketFolder();

  /** The account that must own data directories which servers like this one run on. */
  String fileOwner();

  /** Gives a file to the server's account. */
  void own(Path file);

  /** A new empty folder that the server can write to, removed with the cluster: for a tablespace or an archive. */
  Path newFolder(String name);

  /** Of PostgreSQL, for instance {@code 18.6}. */
  String version();

  /** On this machine's loopback interface. */
  int port();

  /** Where {@link #sibling siblings} reach this server. */
  Address addressForServers();

  /** A host and a port, as a connection string has them. */
  record Address(String host, int port) {}

  /** Of another server, of the same version, that can reach this one. */
  ClusterBuilder<? extends Cluster> sibling();

  /** Without user and password. */
  String jdbcUrl(String database);

  /** A superuser. */
  String user();

  Secret password();

  /** As {@link #user()}, over TCP; the caller closes it. */
  Connection connect(String database) throws SQLException;

  /** The same by a detour: something at that address passes on what it gets to the server. */
  Connection connect(String database, Address detour) throws SQLException;

  /** Runs statements one by one, each committed, in a database. */
  default void execute(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** The value of a setting, as {@code SHOW} says it. */
  default String show(String setting) {
    try (Connection connection = connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW " + setting)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** The first column of a query's rows, as text; null columns are left out. */
  default List<String> query(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        Optional.ofNullable(rows.getString(1)).ifPresent(found::add);
      }
      return found;
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static BarmanException refused(SQLException cause) {
    return new BarmanException(
        ErrorCode.DRILL_CLUSTER,
        "the drill's PostgreSQL refused a statement: " + cause.getMessage(),
        "see the cause",
        cause);
  }

  /** What the server has written, with times. */
  ServerLog log();

  /** Stops the server at once and removes everything that was made for it. */
  @Override
  void close();
}
