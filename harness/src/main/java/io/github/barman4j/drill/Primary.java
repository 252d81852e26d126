package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.ClusterBuilder;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.FaultTarget;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.workload.ConnectionSource;
import io.github.barman4j.workload.Ledger;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.TableHashes;
import io.github.barman4j.workload.Workload;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The server that will be broken, with the user's data, ballast, and writers. */
final class Primary implements FaultTarget, AutoCloseable {
  static final String DATABASE = "drill";
  static final String VICTIM = LoadTable.SCHEMA + ".victim";
  static final String PROBE = LoadTable.SCHEMA + ".probe";

  private static final Duration INTERVAL = Duration.ofMillis(10);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int BALLAST_ROW_BYTES = 1024;

  private final Cluster cluster;
  private final Ledger ledger;
  private @Nullable Workload load;

  private Primary(Cluster cluster, Ledger ledger) {
    this.cluster = cluster;
    this.ledger = ledger;
  }

  /** Starts a server and fills it, without load. */
  static Primary start(Site site, DrillRequest request, Path ledgerFile, Settings settings) {
    ClusterBuilder<?> builder = site.cluster()
        .setting("track_commit_timestamp", "on")
        .setting("max_connections", Integer.toString(request.writers() + 20));
    settings.addTo(builder);
    Cluster cluster = builder.start();
    boolean filled = false;
    try {
      cluster.execute("postgres", "CREATE DATABASE " + DATABASE);
      try (Connection connection = cluster.connect(DATABASE)) {
        fill(connection, request);
      } catch (SQLException e) {
        throw refused(e);
      }
      Primary primary = new Primary(cluster, Ledger.create(ledgerFile));
      filled = true;
      return primary;
    } finally {
      if (!filled) {
        cluster.close();
      }
    }
  }

  /** What a scenario needs of its server beside what all need. */
  interface Settings {
    Settings NONE = builder -> {};

    /** Segments of 1 MiB: there are many of them soon. */
    Settings SMALL_SEGMENTS = builder -> builder.initdbOption("--wal-segsize=1");

    void addTo(ClusterBuilder<?> builder);
  }

  private static void fill(Connection connection, DrillRequest request) throws SQLException {
    LoadTable.create(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE " + PROBE + " (at timestamptz NOT NULL)");
      statement.execute("CREATE TABLE " + VICTIM + " AS SELECT g AS id, md5(g::text) AS content"
          + " FROM generate_series(1, 1000) g");
      statement.execute("CREATE TABLE " + LoadTable.SCHEMA + ".ballast AS SELECT g AS id,"
          + " repeat(md5((g + " + request.seed() + ")::text) || md5(g::text), 15) AS filler"
          + " FROM generate_series(1, " + request.databaseBytes() / BALLAST_ROW_BYTES + ") g");
      statement.execute("ALTER TABLE " + LoadTable.SCHEMA + ".ballast ADD PRIMARY KEY (id)");
    }
    Path script = request.initScript();
    if (script != null) {
      SqlScript.run(connection, script);
    }
  }

  Cluster cluster() {
    return cluster;
  }

  Ledger ledger() {
    return ledger;
  }

  /** All tables but those that the drill itself writes to. */
  static TableHashes hashes(Connection connection) throws SQLException {
    return TableHashes.of(connection).without(LoadTable.NAME).without(PROBE);
  }

  TableHashes hashes() {
    return query(Primary::hashes);
  }

  void startLoad(DrillRequest request) {
    startLoad(request, () -> cluster.connect(DATABASE));
  }

  /** @param way by which the writers come to the server */
  void startLoad(DrillRequest request, ConnectionSource way) {
    load = Workload.start(way, ledger, request.writers(), request.seed());
    Hold.on(request.warmUp());
  }

  /** Waits until the load has come to a state. */
  void awaitLoad(String what, LoadCondition condition) {
    Workload running = load;
    if (running == null) {
      throw new IllegalStateException("there is no load");
    }
    boolean reached = Poll.until(INTERVAL, PATIENCE, () -> {
      running.requireAlive();
      return condition.holds(ledger);
    });
    if (!reached) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the load did not come to " + what + " within " + PATIENCE.toMinutes() + " min",
          "look at the server's log: commits that wait for a standby never end\n"
              + cluster.log().tail(10));
    }
  }

  /** Asked again and again while the load runs. */
  interface LoadCondition {
    boolean holds(Ledger ledger);
  }

  void stopLoad() {
    Workload running = load;
    if (running != null) {
      running.stop(Duration.ofSeconds(5));
      load = null;
    }
  }

  /** Makes the receiver the synchronous standby and waits until the server counts it as one. */
  void requireSynchronous(BackupHost host) {
    makeSynchronous(BackupHost.SLOT);
    awaitReceiver(host, "sync_state = 'sync'");
  }

  /** Makes a standby the synchronous one and waits until the server counts it as one. */
  void requireSynchronous(Follower follower) {
    makeSynchronous(Follower.NAME);
    awaitClient(Follower.NAME, "sync_state = 'sync'", follower::requireRunning);
  }

  /** Makes the receiver and a standby synchronous, both of them for each commit. */
  void requireSynchronous(BackupHost host, Follower follower) {
    makeSynchronous("FIRST 2 (" + BackupHost.SLOT + ", " + Follower.NAME + ")");
    awaitReceiver(host, "sync_state = 'sync'");
    awaitClient(Follower.NAME, "sync_state = 'sync'", follower::requireRunning);
  }

  private void makeSynchronous(String name) {
    cluster.execute(
        "postgres",
        "ALTER SYSTEM SET synchronous_standby_names = '" + name + "'",
        "SELECT pg_reload_conf()");
  }

  /** Waits until the server streams to the receiver. */
  void requireStreaming(BackupHost host) {
    awaitReceiver(host, "state = 'streaming'");
  }

  /** Waits until the receiver has everything that the server has written so far on its disk. */
  void awaitReceived(BackupHost host) {
    Lsn end = Lsn.parse(text("SELECT pg_current_wal_flush_lsn()"));
    boolean reached = Poll.until(INTERVAL, PATIENCE, () -> {
      host.requireReceiver();
      return !host.flushed().isBefore(end);
    });
    if (!reached) {
      throw unreached("the receiver did not come to " + end + " but stays at " + host.flushed());
    }
  }

  private void awaitReceiver(BackupHost host, String condition) {
    awaitClient(BackupHost.SLOT, condition, host::requireReceiver);
  }

  private void awaitClient(String name, String condition, Runnable alive) {
    String sql = "SELECT count(*) FROM pg_stat_replication WHERE application_name = '" + name
        + "' AND " + condition;
    boolean reached = Poll.until(INTERVAL, PATIENCE, () -> {
      alive.run();
      return text(sql).equals("1");
    });
    if (!reached) {
      throw unreached(
          name + " did not come to " + condition + " within " + PATIENCE.toMinutes() + " min");
    }
  }

  /** Waits until the server has sent so many bytes of a base backup's files, or its taker has ended. */
  void awaitBaseBackup(long bytes, BooleanSupplier ended) {
    String sql = "SELECT count(*) FROM pg_stat_progress_basebackup"
        + " WHERE phase = 'streaming database files' AND backup_streamed >= " + bytes;
    boolean reached = Poll.until(
        Duration.ofMillis(2), PATIENCE, () -> ended.getAsBoolean() || !text(sql).equals("0"));
    if (!reached) {
      throw unreached("no base backup was sent within " + PATIENCE.toMinutes() + " min");
    }
  }

  /** Lets the server archive into a directory, as the documentation says; {@code archive_mode} is on. */
  void archiveTo(Path incoming) {
    String command = ("test ! -e DIR/%f && dd if=%p of=DIR/%f.tmp conv=fsync status=none"
            + " && mv DIR/%f.tmp DIR/%f && sync DIR")
        .replace("DIR", incoming.toString());
    cluster.execute(
        "postgres",
        "ALTER SYSTEM SET archive_command = '" + command + "'",
        "SELECT pg_reload_conf()");
  }

  /** Ends the server's current segment, so that the receiver completes it. */
  void switchSegment() {
    text("SELECT pg_switch_wal()");
  }

  /** The server's insert position. */
  static Lsn position(Connection connection) throws SQLException {
    return Lsn.parse(text(connection, "SELECT pg_current_wal_insert_lsn()"));
  }

  Lsn position() {
    return query(Primary::position);
  }

  /** The first column of the first row. */
  static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return String.valueOf(rows.getString(1));
    }
  }

  String text(String sql) {
    return query(connection -> text(connection, sql));
  }

  <T> T query(Query<T> query) {
    try (Connection connection = cluster.connect(DATABASE)) {
      return query.run(connection);
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  /** Work on a connection to the drill's database. */
  interface Query<T> {
    T run(Connection connection) throws SQLException;
  }

  /** Waits like a monitor: until nobody answers at the server's port. */
  void awaitUnreachable() {
    Monitor.awaitSilence(cluster.port(), PATIENCE);
  }

  @Override
  public long killServer() {
    return cluster.kill();
  }

  @Override
  public long stopServer() {
    long nanos = System.nanoTime();
    cluster.stop(StopMode.IMMEDIATE);
    return nanos;
  }

  /** Restarts the server: what it has in memory afterwards it has read since. */
  void forgetPages() {
    cluster.stop(StopMode.FAST);
    cluster.start();
  }

  @Override
  public void damagePage(String table, long block) {
    new ServerDamage(this).flipBit(table, block);
  }

  @Override
  public void deleteDataDirectory() {
    cluster.deleteDataDirectory();
  }

  @Override
  public Injection.CommittedTransaction dropTable(String name) {
    return commit("DROP TABLE " + name);
  }

  @Override
  public Injection.CommittedTransaction truncateTable(String name) {
    return commit("TRUNCATE " + name);
  }

  @Override
  public Injection.CommittedTransaction updateEveryRow(String table, String set) {
    return commit("UPDATE " + table + " SET " + set);
  }

  private Injection.CommittedTransaction commit(String sql) {
    return new ServerDamage(this).commit(sql);
  }

  @Override
  public Damage pauseServer() {
    cluster.pause();
    return cluster::resume;
  }

  @Override
  public Damage skewClock(Duration ahead) {
    return new ServerDamage(this).skewClock(ahead);
  }

  @Override
  public void dropSlot(String name) {
    new SlotLoss(this, name).drop();
  }

  @Override
  public void exceedSlotLimit(String name) {
    new SlotLoss(this, name).exceedLimit();
  }

  @Override
  public void holdBackReceiver(Duration time) {
    long sender = Long.parseLong(text(
        "SELECT pid FROM pg_stat_replication WHERE application_name = '" + BackupHost.SLOT + "'"));
    cluster.suspendProcess(sender);
    Hold.on(time);
  }

  @Override
  public void close() {
    Workload running = load;
    try {
      if (running != null) {
        running.close();
      }
      ledger.close();
    } finally {
      cluster.close();
    }
  }

  private BarmanException unreached(String problem) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        problem,
        "look at the server's log\n" + cluster.log().tail(10));
  }

  private static BarmanException refused(SQLException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the drill's server refused a statement: " + cause.getMessage(),
        "see the cause",
        cause);
  }
}
