package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.cluster.ServerLog;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rto;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestorePlan;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.restore.RestoreResult;
import io.github.barman4j.restore.RunningRestore;
import io.github.barman4j.restore.TestServer;
import io.github.barman4j.workload.LoadTable;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One recovery, measured: plan, restore, start, first read, first write. {@link #close()} stops the restored server and deletes its
 * files.
 */
final class Recovery implements AutoCloseable {
  private final Stage stage;
  private final Place place;
  private final UnaryOperator<RestoreRequest.Builder> wishes;
  private @Nullable Cluster server;
  private @Nullable Measurement measurement;
  private @Nullable RestoreResult result;
  private @Nullable TreeFingerprint repository;

  /**
   * Where a restore goes to.
   *
   * @param writtenTo as the engine is told
   * @param startedOn the same place for the server, which knows nothing of the file systems of this process
   */
  record Place(Path writtenTo, Path startedOn) {
    static Place of(Path directory) {
      return new Place(directory, directory);
    }
  }

  /** @param name of the folder that is restored into */
  Recovery(Stage stage, String name) {
    this(stage, Place.of(stage.path(name)), UnaryOperator.identity());
  }

  /** @param wishes what the restore is asked for beside the target and the place */
  Recovery(Stage stage, Place place, UnaryOperator<RestoreRequest.Builder> wishes) {
    this.stage = stage;
    this.place = place;
    this.wishes = wishes;
  }

  Path directory() {
    return place.startedOn();
  }

  /**
   * After the loss of the server: from the fault on.
   *
   * @param faultNanos {@link System#nanoTime()} of the fault
   */
  void afterLoss(long faultNanos, Sabotage sabotage) {
    Measurement measured = new Measurement(faultNanos);
    stage.primary().awaitUnreachable();
    measured.reached(Milestone.DETECTED);
    stage.host().stopReceiver();
    sabotage.beforePlan();
    Cluster restored = newServer();
    RestoreRequest request = request(restored, new RecoveryTarget.Latest());
    RestorePlan plan = stage.host().recoveryEngine().planRestore(request);
    measured.reached(Milestone.PLANNED);
    run(restored, plan, request, measured);
  }

  /** To a moment before a mistake: from the plan on. The time of the plan is told apart. */
  void toTarget(RecoveryTarget target) {
    long begin = System.nanoTime();
    Cluster restored = newServer();
    RestoreRequest request = request(restored, target);
    RestorePlan plan = stage.host().recoveryEngine().planRestore(request);
    long planned = System.nanoTime();
    Measurement measured = new Measurement(planned);
    measured.apart("plan", Duration.ofNanos(planned - begin));
    run(restored, plan, request, measured);
  }

  private Cluster newServer() {
    Primary primary = stage.primary();
    Cluster created = primary
        .cluster()
        .sibling()
        .existing(place.startedOn())
        .password(primary.cluster().password())
        .create();
    server = created;
    return created;
  }

  private RestoreRequest request(Cluster restored, RecoveryTarget target) {
    return wishes
        .apply(RestoreRequest.to(place.writtenTo())
            .target(target)
            .owner(restored.fileOwner())
            .testServer(new TestServer("127.0.0.1", restored.port(), restored.socketFolder())))
        .build();
  }

  /** PostgreSQL starts when the base is there; the WAL comes while it replays. */
  private void run(
      Cluster restored, RestorePlan plan, RestoreRequest request, Measurement measured) {
    measurement = measured;
    try (RunningRestore running = stage.host().recoveryEngine().startRestore(plan, request)) {
      measured.reached(Milestone.RESTORED);
      repository = stage.host().fingerprint();
      restored.launch();
      restored.awaitReady();
      use(restored, measured);
      RestoreResult restore = running.join();
      measured.apart("wal", restore.wal().took());
      result = restore;
    }
    restored.requireDurable();
  }

  private static void use(Cluster restored, Measurement measured) {
    ServerLog log = restored.log();
    measured.reached(Milestone.REDO_STARTED, log.nanosOf(LogMark.REDO_STARTS));
    measured.reached(Milestone.CONSISTENT, log.nanosOf(LogMark.CONSISTENT));
    measured.reached(Milestone.RECOVERED, log.nanosOf(LogMark.RECOVERY_COMPLETE));
    measured.reached(Milestone.READY, log.nanosOf(LogMark.READY));
    firstUse(restored, measured);
  }

  /** The first read and the first write on a server that takes writes. */
  static void firstUse(Cluster server, Measurement measured) {
    try (Connection connection = server.connect(Primary.DATABASE);
        Statement statement = connection.createStatement()) {
      try (ResultSet rows =
          statement.executeQuery("SELECT writer FROM " + LoadTable.NAME + " LIMIT 1")) {
        rows.next();
      }
      measured.reached(Milestone.FIRST_READ);
      statement.execute("INSERT INTO " + Primary.PROBE + " VALUES (now())");
      measured.reached(Milestone.FIRST_WRITE);
    } catch (SQLException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the recovered server refuses to work: " + e.getMessage(),
          "see the cause\n" + server.log().tail(10),
          e);
    }
  }

  /** All that was restored, the table of the load too. */
  TableHashes tables() throws SQLException {
    try (Connection connection = server().connect(Primary.DATABASE)) {
      return TableHashes.of(connection);
    }
  }

  Cluster server() {
    return required(server);
  }

  Rto rto() {
    return required(measurement).toRto();
  }

  void apart(String name, Duration took) {
    required(measurement).apart(name, took);
  }

  /** What the repository was like just before the restored server started. */
  TreeFingerprint repositoryBefore() {
    return required(repository);
  }

  /** What the restore did. */
  RestoreResult result() {
    return required(result);
  }

  Restored restored(int timeline) {
    return restored(required(result), timeline);
  }

  static Restored restored(RestoreResult done, int timeline) {
    return new Restored(
        done.backup().value(),
        done.base().bytes(),
        done.base().count(),
        Math.round(done.base().bytes() / Math.max(1e-3, done.base().took().toNanos() / 1e9)),
        done.wal().count(),
        timeline);
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the recovery has not come so far");
    }
    return value;
  }

  @Override
  public void close() {
    Cluster running = server;
    try {
      if (running != null) {
        running.close();
      }
    } finally {
      RunFolder.delete(place.startedOn());
    }
  }
}
