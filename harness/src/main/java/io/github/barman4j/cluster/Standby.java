package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * A hot standby on a copy of a primary's data directory. It streams from the primary, without a slot, and follows the
 * newest timeline.
 *
 * <p>Used by one thread. {@link #close()} stops the server; the copy stays.
 */
public final class Standby implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(5);
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String DATABASE = "postgres";

  private final Cluster server;
  private final String name;

  private Standby(Cluster server, String name) {
    this.server = server;
    this.name = name;
  }

  /**
   * Makes a standby of a copy, such as a restored backup, without starting it. What the copy has as its restore_command stays.
   *
   * @param copy a data directory of {@link Cluster#fileOwner()}, on which no server runs
   * @param name what the primary sees as application_name: {@code synchronous_standby_names} may list it
   */
  public static Standby of(Cluster primary, Path copy, String name) {
    Cluster server =
        primary.sibling().existing(copy).password(primary.password()).create();
    Cluster.Address upstream = primary.addressForServers();
    boolean made = false;
    try {
      // postgresql.auto.conf is read last, and the last line of a name counts; on the command line
      // the primary could not be changed any more.
      Files.writeString(
          copy.resolve("postgresql.auto.conf"),
          "primary_conninfo = 'host=" + upstream.host() + " port=" + upstream.port() + " user="
              + primary.user()
              + " password=" + primary.password().reveal() + " application_name=" + name + "'\n"
              + "primary_slot_name = ''\n"
              + "recovery_target_timeline = 'latest'\n"
              + "hot_standby = on\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
      Files.deleteIfExists(copy.resolve("recovery.signal"));
      Files.writeString(copy.resolve("standby.signal"), "", StandardCharsets.UTF_8);
      server.own(copy.resolve("standby.signal"));
      made = true;
      return new Standby(server, name);
    } catch (IOException e) {
      throw failed("no standby could be made of " + copy, e);
    } finally {
      if (!made) {
        server.close();
      }
    }
  }

  /**
   * The same of a copy that is a standby already and knows its primary; nothing in it is changed.
   *
   * @param name what the copy tells its primary as application_name
   */
  public static Standby configured(Cluster primary, Path copy, String name) {
    return new Standby(
        primary.sibling().existing(copy).password(primary.password()).create(), name);
  }

  public Cluster server() {
    return server;
  }

  public String name() {
    return name;
  }

  /** Starts the server and waits until it is consistent, open for queries and streaming. */
  public void start() {
    server.launch();
    server.awaitReadOnly();
    await("to stream from its primary", this::streams);
  }

  private boolean streams() {
    return server
        .query(DATABASE, "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'")
        .contains("1");
  }

  /** Waits until it has replayed everything before a position. */
  public void awaitReplayed(Lsn position) {
    await("to replay up to " + position, () -> !replayed().isBefore(position));
  }

  /** Where the last record ends that it has replayed. */
  public Lsn replayed() {
    return position("pg_last_wal_replay_lsn()");
  }

  private Lsn position(String function) {
    return server.query(DATABASE, "SELECT " + function).stream()
        .findFirst()
        .map(Lsn::parse)
        .orElse(Lsn.INVALID);
  }

  /** Cuts it off from its primary: it replays what it has and gets nothing more. It stays promotable. */
  public void stall() {
    server.execute(DATABASE, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
    await(
        "to leave its primary",
        () -> server.query(DATABASE, "SELECT pid FROM pg_stat_wal_receiver").isEmpty());
    await(
        "to replay what it has",
        () -> !replayed().isBefore(position("coalesce(pg_last_wal_receive_lsn(), '0/0')")));
  }

  /** Keeps what comes without replaying it. */
  public void pauseReplay() {
    server.execute(DATABASE, "SELECT pg_wal_replay_pause()");
    await(
        "to pause its replay",
        () -> server.query(DATABASE, "SELECT pg_get_wal_replay_pause_state()").contains("paused"));
  }

  public void resumeReplay() {
    server.execute(DATABASE, "SELECT pg_wal_replay_resume()");
  }

  /** Promotes it and waits until it writes. */
  public void promote() {
    server.execute(DATABASE, "SELECT pg_promote()");
    server.awaitReady();
    server.requireDurable();
  }

  /** Asks to promote it and does not wait. */
  public void requestPromotion() {
    server.execute(DATABASE, "SELECT pg_promote(false)");
  }

  private void await(String what, Callable<Boolean> condition) {
    boolean reached = Poll.until(INTERVAL, PATIENCE, () -> !server.isRunning() || condition.call());
    if (!reached || !server.isRunning()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "standby " + name + " did not come " + what + "\n" + server.log().tail(20),
          "the server's own words are above");
    }
  }

  @Override
  public void close() {
    server.close();
  }

  private static BarmanException failed(String problem, IOException cause) {
    return new BarmanException(ErrorCode.DRILL_CLUSTER, problem, "see the cause", cause);
  }
}
