package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A physical replication connection to a live server (manual, 55.4, 15–18).
 *
 * <p>One command or stream at a time, by one thread; {@link #close} may come from any thread and makes a call that is under way fail
 * with CONNECTION_LOST. Every call ends within a minute of the server's silence, or within the user's {@code socketTimeout}. An error
 * of the server is a {@link ServerErrorException}, after which the connection can be used again unless {@link #isUsable} says no.
 */
public final class ReplicationConnection implements AutoCloseable {
  /** pgjdbc's connection: as long as it is reachable, the socket under it stays open. */
  private final ServerSession session;

  private final Exchange exchange;

  private ReplicationConnection(ServerSession session, Exchange exchange) {
    this.session = session;
    this.exchange = exchange;
  }

  /** Without the server's notices. */
  public static ReplicationConnection open(
      ConnectionSettings settings, String applicationName, Duration connectTimeout) {
    return open(settings, applicationName, connectTimeout, EventSink.NONE);
  }

  /**
   * Connects to the first host that answers and has the wanted role.
   *
   * @param applicationName what the server shows, and what {@code synchronous_standby_names} is compared with
   * @param connectTimeout per host
   * @param events where the server's notices go
   * @throws BarmanException HOST_UNKNOWN, CONNECTION_FAILED, TLS_FAILED, AUTHENTICATION_FAILED, CONNECTION_REJECTED (pg_hba.conf),
   *     ROLE_WITHOUT_REPLICATION, NO_FREE_WAL_SENDER, SERVER_NOT_READY or SERVER_VERSION_UNSUPPORTED
   */
  public static ReplicationConnection open(
      ConnectionSettings settings,
      String applicationName,
      Duration connectTimeout,
      EventSink events) {
    ServerSession session =
        new ServerConnector(settings, applicationName, connectTimeout).openReplication();
    try {
      return new ReplicationConnection(session, new Exchange(session, events));
    } catch (IOException e) {
      session.close();
      throw new BarmanException(
          ErrorCode.CONNECTION_LOST,
          "the replication connection to " + session.host() + " is lost: " + e.getMessage(),
          "look into the server's log; did the server stop, or the network break?",
          e);
    }
  }

  /** Settings for the one host that answered, so that other connections reach the same server. */
  public ConnectionSettings settings() {
    return session.settings();
  }

  public PostgresVersion serverVersion() {
    return session.version();
  }

  /** The server's process that serves it, as pg_stat_activity lists it. */
  public int process() {
    return session.process();
  }

  /** Whether the server was in recovery when the connection was made. */
  public boolean isStandby() {
    return session.standby();
  }

  /** Whether server and engine share a machine. */
  public boolean isLocal() {
    return session.local();
  }

  /** Whether TLS is in use. */
  public boolean isEncrypted() {
    return session.encrypted();
  }

  /** Whether another command can be sent. */
  public boolean isUsable() {
    return exchange.isUsable();
  }

  /** {@code IDENTIFY_SYSTEM}. */
  public SystemIdentity identifySystem() {
    ResultTable row = one("IDENTIFY_SYSTEM", Attempt.COMMAND, "identifying the system");
    return new SystemIdentity(
        Payload.systemIdentifier(row.required(0, "systemid")),
        Payload.timeline(row.required(0, "timeline")),
        Payload.lsn(row.required(0, "xlogpos")));
  }

  /**
   * {@code SHOW}: a setting as its text.
   *
   * @param name letters, digits, underscore and dot
   */
  public String show(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_.]*")) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + name + "' is no name of a setting",
          "the names are those of pg_settings.");
    }
    ResultTable row = one("SHOW " + name, Attempt.COMMAND, "showing " + name);
    return row.required(0, name.toLowerCase(Locale.ROOT));
  }

  /** {@code READ_REPLICATION_SLOT}; empty when there is no slot of that name. */
  public Optional<ReplicationSlot> readSlot(String name) {
    ResultTable row =
        one("READ_REPLICATION_SLOT " + slot(name), Attempt.SLOT, "reading slot '" + name + "'");
    if (row.text(0, "slot_type") == null) {
      return Optional.empty();
    }
    return Optional.of(new ReplicationSlot(
        name,
        Optional.ofNullable(row.text(0, "restart_lsn")).map(Payload::lsn),
        Optional.ofNullable(row.text(0, "restart_tli")).map(Payload::timeline)));
  }

  /**
   * {@code CREATE_REPLICATION_SLOT … PHYSICAL}.
   *
   * @param temporary dropped by the server when this connection ends, and after any error of the server on it
   * @param reserveWal whether the server keeps WAL from now on, and not only from the first use on
   * @throws BarmanException SLOT_EXISTS, or NO_FREE_SLOT when max_replication_slots is reached
   */
  public void createSlot(String name, boolean temporary, boolean reserveWal) {
    exchange.run(
        "CREATE_REPLICATION_SLOT " + slot(name) + (temporary ? " TEMPORARY" : "") + " PHYSICAL"
            + (reserveWal ? " (RESERVE_WAL)" : ""),
        Attempt.SLOT,
        "creating slot '" + name + "'");
  }

  /**
   * {@code DROP_REPLICATION_SLOT}.
   *
   * @param wait for another client to leave it, a minute at most, where otherwise it is an error
   * @throws BarmanException SLOT_MISSING, or SLOT_IN_USE without {@code wait}
   */
  public void dropSlot(String name, boolean wait) {
    exchange.run(
        "DROP_REPLICATION_SLOT " + slot(name) + (wait ? " WAIT" : ""),
        Attempt.SLOT,
        "dropping slot '" + name + "'");
  }

  /** {@code TIMELINE_HISTORY}: the content of the history file. The first timeline has none: an error of the server. */
  public byte[] timelineHistory(Timeline timeline) {
    String command = "TIMELINE_HISTORY " + timeline.id();
    ResultTable row = one(command, Attempt.COMMAND, "reading the history of timeline " + timeline);
    byte[] content = row.bytes(0, "content");
    if (content == null) {
      throw Payload.violation("a history without content");
    }
    return content;
  }

  /**
   * {@code START_REPLICATION PHYSICAL}: WAL from a position on. The connection belongs to the stream until that is closed.
   *
   * @param slot null streams without a slot
   * @param start best the start of a segment
   * @throws BarmanException SLOT_IN_USE, SLOT_MISSING, SLOT_LOST, or WAL_REMOVED when the server has it no more; that one may also
   *     come from the first {@link WalStream#poll}
   */
  public WalStream startReplication(@Nullable String slot, Lsn start, Timeline timeline) {
    return startReplication(slot, start, timeline, exchange.silence());
  }

  /**
   * The same with a limit of its own for the server's silence.
   *
   * @param silence how long the server may say nothing, from 1 ms on; after half of it it is asked for a sign of life. A socketTimeout
   *     in the connection's settings counts instead
   */
  public WalStream startReplication(
      @Nullable String slot, Lsn start, Timeline timeline, Duration silence) {
    String command = "START_REPLICATION"
        + (slot == null ? "" : " SLOT " + slot(slot))
        + " PHYSICAL " + start + " TIMELINE " + timeline.id();
    return WalStream.start(
        exchange,
        command,
        "streaming WAL from " + start + " on timeline " + timeline,
        exchange.silence(silence));
  }

  /**
   * {@code BASE_BACKUP}: waits for the server's checkpoint, then gives the stream, which the connection belongs to until it is closed.
   *
   * <p>Nothing comes on the connection meanwhile, for minutes or up to {@link BaseBackupOptions#checkpointTimeout}, so it cannot tell a
   * busy server from one that is gone.
   *
   * @param whileWaiting run by this thread after every 30 s of that silence, or the user's {@code socketTimeout}; what it throws ends the
   *     wait and the connection
   * @throws BarmanException COMPRESSION_UNAVAILABLE when the server cannot compress that way; the connection can be used again
   */
  public BaseBackupStream baseBackup(BaseBackupOptions options, Runnable whileWaiting) {
    return BaseBackupStream.start(exchange, options, whileWaiting);
  }

  /** Never waits longer than a second for the server. */
  @Override
  public void close() {
    exchange.close();
  }

  private ResultTable one(String command, Attempt attempt, String tried) {
    List<ResultTable> tables = exchange.run(command, attempt, tried);
    if (tables.size() != 1) {
      throw Payload.violation(tables.size() + " results of " + command);
    }
    return tables.get(0).exactly(1);
  }

  /** Quoted; the server's rule for names is checked first (manual, 27.2.6.1). */
  private static String slot(String name) {
    if (!name.matches("[a-z0-9_]{1,63}")) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + name + "' is no name for a replication slot",
          "use 1 to 63 lower-case letters, digits and underscores.");
    }
    return "\"" + name + "\"";
  }
}
