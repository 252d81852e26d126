package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.cluster.Standby;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.StandbyTarget;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.report.Restored;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.workload.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.function.Supplier;

/** A standby of the drill's primary, which the engine has made of the latest backup. {@link #close()} stops it. */
final class Follower implements StandbyTarget, AutoCloseable {
  static final String NAME = "barman_follower";

  private static final Duration PROMOTION = Duration.ofMinutes(1);

  private final Standby standby;

  private final RestoreResult made;

  private Follower(Standby standby, RestoreResult made) {
    this.standby = standby;
    this.made = made;
  }

  /** Makes a standby of the latest backup and waits until it streams. */
  static Follower of(Stage stage) {
    Cluster primary = stage.primary().cluster();
    // It streams from where the restored log ends, and has no slot that would keep what follows.
    primary.execute(
        "postgres", "ALTER SYSTEM SET wal_keep_size = '1GB'", "SELECT pg_reload_conf()");
    Path copy = stage.path("follower");
    RestoreResult made = stage
        .host()
        .recoveryEngine()
        .restore(
            RestoreRequest.to(copy).owner(primary.fileOwner()).standby(true).build());
    Standby standby = Standby.of(primary, copy, NAME);
    boolean started = false;
    try {
      standby.start();
      started = true;
      return new Follower(standby, made);
    } finally {
      if (!started) {
        standby.close();
      }
    }
  }

  /**
   * Restores a standby that knows its primary from the restore itself, with the password in a file of its own. It does not run yet: see
   * {@link #start}.
   */
  static Follower cloned(Stage stage) {
    Cluster primary = stage.primary().cluster();
    primary.execute(
        "postgres", "ALTER SYSTEM SET wal_keep_size = '1GB'", "SELECT pg_reload_conf()");
    Path passwords = stage.newFolder("clone-password").resolve("pgpass");
    Cluster.Address upstream = primary.addressForServers();
    try {
      Files.writeString(
          passwords,
          "*:*:*:" + primary.user() + ":" + primary.password().reveal().replace(":", "\\:") + "\n");
      Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw Failures.unreadable(passwords, e);
    }
    primary.own(passwords);
    Path copy = stage.path("clone");
    RestoreResult made = stage
        .host()
        .recoveryEngine()
        .restore(RestoreRequest.to(copy)
            .owner(primary.fileOwner())
            .standby(true)
            .primaryConninfo("host=" + upstream.host() + " port=" + upstream.port() + " user="
                + primary.user() + " passfile=" + passwords + " application_name=" + NAME)
            .build());
    return new Follower(Standby.configured(primary, copy, NAME), made);
  }

  /** Waits until it streams. */
  void start() {
    standby.start();
  }

  Cluster server() {
    return standby.server();
  }

  ServerConnection connection() {
    return new ServerConnection(
        server().jdbcUrl(Primary.DATABASE), server().user(), server().password());
  }

  /** Whichever of both takes writes. */
  ServerConnection orPrimary(Primary primary) {
    return new ServerConnection(
        "jdbc:postgresql://127.0.0.1:" + primary.cluster().port() + ",127.0.0.1:"
            + server().port() + "/" + Primary.DATABASE + "?targetServerType=primary",
        server().user(),
        server().password());
  }

  /** More writers, on this server: with numbers of their own, for what they write has another history. */
  Workload startLoad(Stage stage) {
    DrillRequest request = stage.request();
    return Workload.start(
        () -> server().connect(Primary.DATABASE),
        stage.primary().ledger(),
        request.writers() + 1,
        request.writers(),
        request.seed());
  }

  /** Whether it streams to a client of this name. */
  boolean streamsTo(String name) {
    return server()
        .query(
            Primary.DATABASE,
            "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '"
                + name + "'")
        .contains("1");
  }

  /** Up to where its log is durable, once it is promoted. */
  Lsn flushed() {
    return Lsn.parse(
        server().query(Primary.DATABASE, "SELECT pg_current_wal_flush_lsn()").get(0));
  }

  /** As it has written it itself. */
  TimelineHistory history(Timeline timeline) {
    Path file = server()
        .dataDirectory()
        .resolve("pg_wal")
        .resolve(TimelineHistory.root(timeline).fileName());
    try {
      return TimelineHistory.parse(timeline, Files.readString(file));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the promoted standby's history " + file + " cannot be read",
          "see the cause",
          e);
    }
  }

  BackupId madeOf() {
    return made.backup();
  }

  /** What it was made of. */
  Restored restored(int timeline) {
    return Recovery.restored(made, timeline);
  }

  /** From now on it asks the receiver for what its primary does not send: now and then, and before it is promoted. */
  void topUpFrom(ReceivedTail tail) {
    server()
        .execute(
            "postgres",
            "ALTER SYSTEM SET restore_command = '" + tail.restoreCommand() + "'",
            "SELECT pg_reload_conf()");
  }

  /** Throws when it has ended by itself. */
  void requireRunning() {
    if (!server().isRunning()) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the standby has ended by itself\n" + server().log().tail(10),
          "the server's own words are above");
    }
  }

  Lsn replayed() {
    return standby.replayed();
  }

  /** Waits until it has replayed everything that its primary has flushed so far. */
  void awaitReplayed(Primary primary) {
    standby.awaitReplayed(Lsn.parse(primary.text("SELECT pg_current_wal_flush_lsn()")));
  }

  @Override
  public void stall() {
    standby.stall();
  }

  /** Waits until somebody has promoted it. */
  void awaitPromotion(Supplier<String> said) {
    boolean promoted = Poll.until(Duration.ofMillis(5), PROMOTION, () -> {
      requireRunning();
      return server().log().has(LogMark.READY);
    });
    if (!promoted) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "nobody promoted the standby within " + PROMOTION.toSeconds() + " s\n" + said.get(),
          "what was to promote it says above why it did not");
    }
    server().requireDurable();
  }

  @Override
  public void promote() {
    standby.promote();
  }

  @Override
  public void close() {
    standby.close();
  }
}
