package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.LogMark;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.cluster.ServerLog;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rto;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.workload.LoadTable;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One recovery, measured: plan, restore, start, first read, first write. {@link #close()} stops the restored server and deletes its
 * files.
 */
final class Recovery implements AutoCloseable {
  private final Stage stage;
  private final Path directory;
  private @Nullable EmbeddedCluster server;
  private @Nullable Measurement measurement;
  private RecoveryEngine.@Nullable Files files;
  private @Nullable TreeFingerprint repository;

  /** @param name of the folder that is restored into */
  Recovery(Stage stage, String name) {
    this.stage = stage;
    this.directory = stage.path(name);
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
    EmbeddedCluster restored = newServer();
    RecoveryEngine.Order order = order(restored, new RecoveryTarget.Latest());
    stage.host().engine().plan(order);
    measured.reached(Milestone.PLANNED);
    run(restored, order, measured);
  }

  /** To a moment before a mistake: from the plan on. The time of the plan is told apart. */
  void toTarget(RecoveryTarget target) {
    long begin = System.nanoTime();
    EmbeddedCluster restored = newServer();
    RecoveryEngine.Order order = order(restored, target);
    stage.host().engine().plan(order);
    long planned = System.nanoTime();
    Measurement measured = new Measurement(planned);
    measured.apart("plan", Duration.ofNanos(planned - begin));
    run(restored, order, measured);
  }

  private EmbeddedCluster newServer() {
    Primary primary = stage.primary();
    EmbeddedCluster created = EmbeddedCluster.builder(stage.request().binaries())
        .existing(directory)
        .password(primary.cluster().password())
        .create();
    server = created;
    return created;
  }

  private RecoveryEngine.Order order(EmbeddedCluster restored, RecoveryTarget target) {
    return new RecoveryEngine.Order(
        directory, target, restored.fileOwner(), restored.port(), restored.socketFolder());
  }

  private void run(EmbeddedCluster restored, RecoveryEngine.Order order, Measurement measured) {
    measurement = measured;
    files = stage.host().engine().restore(order);
    measured.reached(Milestone.RESTORED);
    repository = stage.host().fingerprint();
    restored.launch();
    restored.awaitReady();
    ServerLog log = restored.log();
    measured.reached(Milestone.REDO_STARTED, log.nanosOf(LogMark.REDO_STARTS));
    measured.reached(Milestone.CONSISTENT, log.nanosOf(LogMark.CONSISTENT));
    measured.reached(Milestone.RECOVERED, log.nanosOf(LogMark.RECOVERY_COMPLETE));
    measured.reached(Milestone.READY, log.nanosOf(LogMark.READY));
    try (Connection connection = restored.connect(Primary.DATABASE);
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
          "the restored server refuses to work: " + e.getMessage(),
          "see the cause\n" + log.tail(10),
          e);
    }
    restored.requireDurable();
    stage
        .sink()
        .accept(new Event.Info("recovered in " + measured.toRto().total().toMillis()
            + " ms, now checking what is there"));
  }

  EmbeddedCluster server() {
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

  Restored restored(int timeline) {
    RecoveryEngine.Files found = required(files);
    return new Restored(
        found.backupId(), found.bytes(), found.files(), found.walSegments(), timeline);
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("the recovery has not come so far");
    }
    return value;
  }

  @Override
  public void close() {
    EmbeddedCluster running = server;
    if (running != null) {
      running.close();
    }
    RunFolder.delete(directory);
  }
}
