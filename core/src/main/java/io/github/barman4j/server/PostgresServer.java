package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ServerConnector;
import io.github.barman4j.protocol.ServerSession;
import io.github.barman4j.protocol.SqlFailure;
import io.github.barman4j.protocol.SystemIdentity;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A live server over an ordinary SQL connection. For one thread.
 *
 * <p>Every question ends within a minute of the server's silence. Errors of the server keep their SQLSTATE.
 */
public final class PostgresServer implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofMinutes(1);

  /** Nothing that server, role or database are configured with may end the session, or lead to functions of others. */
  private static final String OWN_SETTINGS = """
      select set_config('search_path', 'pg_catalog, pg_temp', false)
       union all
      select set_config(name, '0', false) from pg_catalog.pg_settings
       where name in ('statement_timeout', 'lock_timeout', 'idle_session_timeout',
                      'idle_in_transaction_session_timeout', 'transaction_timeout')""";

  private final ServerSession session;
  private final String applicationName;
  private final Duration connectTimeout;
  private final Sql sql;

  private PostgresServer(ServerSession session, String applicationName, Duration connectTimeout) {
    this.session = session;
    this.applicationName = applicationName;
    this.connectTimeout = connectTimeout;
    this.sql = new Sql(session.connection(), session.host());
  }

  /** As "barman", with ten seconds per host. */
  public static PostgresServer connect(ConnectionSettings settings) {
    return connect(settings, "barman", CONNECT_TIMEOUT);
  }

  /**
   * Connects to the first host that answers and has the wanted role.
   *
   * @throws BarmanException HOST_UNKNOWN, CONNECTION_FAILED, TLS_FAILED, AUTHENTICATION_FAILED, CONNECTION_REJECTED, SERVER_NOT_READY or
   *     SERVER_VERSION_UNSUPPORTED
   */
  public static PostgresServer connect(
      ConnectionSettings settings, String applicationName, Duration connectTimeout) {
    ServerSession session =
        new ServerConnector(settings, applicationName, connectTimeout).openSql();
    PostgresServer server = new PostgresServer(session, applicationName, connectTimeout);
    try {
      server.prepare();
      return server;
    } catch (BarmanException e) {
      server.close();
      throw e;
    }
  }

  private void prepare() {
    try {
      int millis = Math.toIntExact(session.silence(SILENCE).toMillis());
      session.connection().setNetworkTimeout(Runnable::run, millis);
    } catch (SQLException e) {
      throw SqlFailure.of(e, session.host(), "preparing the session");
    }
    useOwnSettings();
  }

  private void useOwnSettings() {
    sql.list("preparing the session", OWN_SETTINGS, row -> row.getString(1));
  }

  /** Settings for the one host that answered: a replication connection by them reaches the same server. */
  public ConnectionSettings settings() {
    return session.settings();
  }

  public PostgresVersion version() {
    return session.version();
  }

  public ServerFacts facts() {
    return new FactsQuery(sql).ask();
  }

  /** The server's clock, in UTC, to the microsecond. */
  public Instant clock() {
    return sql.one(
            "asking for the time",
            "select clock_timestamp()",
            row -> row.getObject(1, OffsetDateTime.class))
        .toInstant();
  }

  /**
   * Looks at everything that a base backup needs, a replication connection included.
   *
   * @return all findings, those that passed too, in an order that stays
   */
  public List<Finding> preconditions() {
    ServerFacts facts = facts();
    List<Finding> findings = new ArrayList<>(Preconditions.of(facts));
    if (findings.stream().allMatch(Finding::passed)) {
      findings.add(replication(facts));
    }
    return findings;
  }

  private Finding replication(ServerFacts facts) {
    String name = "replication connection";
    try (ReplicationConnection connection =
        ReplicationConnection.open(settings(), applicationName, connectTimeout)) {
      SystemIdentity identity = connection.identifySystem();
      if (!identity.systemIdentifier().equals(facts.systemIdentifier())) {
        return Finding.failed(
            name,
            "it reaches system " + identity.systemIdentifier() + ", SQL reaches system "
                + facts.systemIdentifier(),
            "is there a pooler or a load balancer between? name the server itself.",
            ErrorCode.SERVER_OTHER_SYSTEM);
      }
      return Finding.passed(
          name, "works" + (connection.isEncrypted() ? ", with TLS" : ", without TLS"));
    } catch (BarmanException e) {
      return Finding.failed(name, e.problem(), e.hint(), e.code());
    }
  }

  /** What {@code synchronous_commit} is for this role in this database (manual, 19.5.1). */
  public String synchronousCommit() {
    return sql.one(
        "reading synchronous_commit",
        "select current_setting('synchronous_commit')",
        row -> row.getString(1));
  }

  /**
   * How far the server's log is, and how far those are who take it.
   *
   * @param slot the replication slot, and the name of the clients, that are asked for
   */
  public ReplicationState replication(String slot) {
    return new ReplicationQuery(sql).ask(slot);
  }

  /** @throws BarmanException PRECONDITION_FAILED, PERMISSION_MISSING or WAL_LEVEL_TOO_LOW when {@link #switchWal} would be refused */
  public void requireWalSwitch() {
    new WalSwitch(sql, session.host().toString()).require();
  }

  /**
   * Makes a restore point and ends the segment that is being written.
   *
   * @param restorePoint at most 63 bytes (manual, 9.27.3)
   */
  public SwitchedWal switchWal(String restorePoint) {
    WalSegmentSize size = facts().walSegmentSize();
    return new WalSwitch(sql, session.host().toString()).run(restorePoint, size);
  }

  /**
   * Ends another session of this role. A server that waits for a checkpoint does not notice that its client has gone.
   *
   * @param process as pg_stat_activity lists it; nothing happens when there is none
   */
  public void endSession(int process) {
    sql.list(
        "ending the session of process " + process,
        "select pg_terminate_backend(pid) from pg_stat_activity where pid = ?",
        row -> row.getBoolean(1),
        process);
  }

  /** @throws BarmanException CONNECTION_LOST when the server has no session with this process any more */
  public void requireSession(int process) {
    List<Boolean> found = sql.list(
        "looking for the session of process " + process,
        "select true from pg_stat_activity where pid = ?",
        row -> row.getBoolean(1),
        process);
    if (found.isEmpty()) {
      throw new BarmanException(
          ErrorCode.CONNECTION_LOST,
          "the server at " + session.host() + " has ended the session of process " + process
              + ", and nobody was told",
          "is there a firewall between that forgets connections? run it again.");
    }
  }

  /** Reads the configuration as far as the role may; what it may not is told as an event. */
  public StoredConfiguration configuration(EventSink events) {
    sql.execute("reading the settings", "reset all");
    StoredConfiguration found = new ConfigurationReader(sql, version().major(), events).read();
    useOwnSettings();
    return found;
  }

  /** Without events. */
  public StoredConfiguration configuration() {
    return configuration(EventSink.NONE);
  }

  /**
   * A part of a file of the server, cut short at the file's end; empty when there is no such file. Needs EXECUTE on {@code
   * pg_read_binary_file(text, bigint, bigint, boolean)}.
   *
   * @param path relative to the data directory
   * @param length at most 1 GiB less one byte
   */
  public Optional<byte[]> readFile(String path, long offset, int length) {
    return sql.list(
            "reading '" + path + "'",
            "select pg_read_binary_file(?, ?, ?, true)",
            row -> Optional.ofNullable(row.getBytes(1)),
            path,
            offset,
            (long) length)
        .get(0);
  }

  /** Which relations files are, one line of text for each; other databases are connected to for that. */
  public List<String> relationNames(List<RelationFile> files) {
    return new RelationNames(sql, settings(), applicationName, connectTimeout).of(files);
  }

  /** How relations are laid out in files. */
  public PageLayout pageLayout() {
    return sql.one(
        "reading block_size and segment_size",
        "select current_setting('block_size'), (select setting from pg_settings where name = 'segment_size')",
        row -> new PageLayout(row.getInt(1), row.getInt(2)));
  }

  Sql sql() {
    return sql;
  }

  @Override
  public void close() {
    session.close();
  }
}
