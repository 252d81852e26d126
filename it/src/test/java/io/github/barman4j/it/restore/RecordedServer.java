package io.github.barman4j.it.restore;

import static org.awaitility.Awaitility.await;

import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.PostgresBinaries;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server that is backed up and received from, and of which at chosen moments is written down where it was and what every table held.
 */
final class RecordedServer implements AutoCloseable {
  static final String DATABASE = "postgres";

  /**
   * A moment at which no transaction was open.
   *
   * @param xid of the last transaction before it
   * @param lsn where the next record begins at the earliest
   * @param time by the server's clock: after that transaction, before the next
   */
  record Moment(long xid, Lsn lsn, Instant time, TableHashes tables) {}

  private final EmbeddedCluster cluster;
  private final Engine engine;
  private final RunningReceiver receiver;
  private final AtomicInteger requests = new AtomicInteger();
  private final Map<String, Moment> moments = new LinkedHashMap<>();

  RecordedServer(EmbeddedCluster cluster, Path repository) {
    this.cluster = cluster;
    this.engine = Engine.open(
        EngineConfiguration.of(
            repository,
            "main",
            new ServerConnection(cluster.jdbcUrl(DATABASE), cluster.user(), cluster.password())),
        EventSink.NONE);
    this.receiver = engine.startReceiver(ReceiveRequest.defaults());
    await().atMost(Duration.ofSeconds(30)).until(receiver::isStreaming);
  }

  /** Small segments, so that a restore meets many. */
  static ClusterBuilder<EmbeddedCluster> builder(PostgresBinaries binaries) {
    return EmbeddedCluster.builder(binaries).initdbOption("--wal-segsize=1");
  }

  Engine engine() {
    return engine;
  }

  EmbeddedCluster cluster() {
    return cluster;
  }

  RecordedServer execute(String... statements) {
    cluster.execute(DATABASE, statements);
    return this;
  }

  /** One transaction, and what is true after it. */
  RecordedServer step(String name, String statement) {
    try (Connection connection = cluster.connect(DATABASE);
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute(statement);
      long xid = number(sql, "select pg_current_xact_id()::text::bigint");
      connection.commit();
      connection.setAutoCommit(true);
      moments.put(name, moment(connection, xid));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return this;
  }

  private static Moment moment(Connection connection, long xid) throws SQLException {
    TableHashes tables = TableHashes.of(connection);
    try (Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("select pg_current_wal_insert_lsn(), clock_timestamp()")) {
      row.next();
      return new Moment(
          xid,
          Lsn.parse(row.getString(1)),
          row.getObject(2, OffsetDateTime.class).toInstant(),
          tables);
    }
  }

  private static long number(Statement sql, String query) throws SQLException {
    try (ResultSet row = sql.executeQuery(query)) {
      row.next();
      return row.getLong(1);
    }
  }

  RecordedServer backup(String name) {
    engine.backup(BackupRequest.defaults().named(name));
    return this;
  }

  Moment moment(String name) {
    Moment moment = moments.get(name);
    if (moment == null) {
      throw new IllegalArgumentException("no moment " + name);
    }
    return moment;
  }

  /** Waits until the receiver has everything, then kills the server and deletes its data. */
  RecordedServer destroy() {
    Lsn end;
    try (Connection connection = cluster.connect(DATABASE);
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery("select pg_current_wal_flush_lsn()")) {
      row.next();
      end = Lsn.parse(row.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> receiver.flushed().compareTo(end) >= 0);
    cluster.kill();
    cluster.deleteDataDirectory();
    receiver.close();
    return this;
  }

  /** A request to restore into a new folder that the server's account can reach. */
  RestoreRequest.Builder request() {
    Path folder = cluster.newFolder("restored-" + requests.incrementAndGet());
    return RestoreRequest.to(folder).owner(cluster.fileOwner());
  }

  /** A server on a restored directory, not started yet. */
  EmbeddedCluster restored(RestoreRequest request) {
    return EmbeddedCluster.builder(cluster.binaries())
        .existing(request.directory())
        .password(cluster.password())
        .create();
  }

  /** What every table of a server holds. */
  static TableHashes tables(EmbeddedCluster server) {
    try (Connection connection = server.connect(DATABASE)) {
      return TableHashes.of(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
