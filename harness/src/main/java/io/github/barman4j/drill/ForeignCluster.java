package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.health.CheckReport;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * S27: the server's address leads to another cluster. Receiving and backing up are refused, and so is a restore over that cluster's files;
 * nothing is left on it, nothing in the repository has changed, and it still restores its own.
 */
final class ForeignCluster implements Scenario {
  private static final int COMMITS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a refused receiver may touch: it holds the lock until it knows whom it talks to. */
  private static final List<String> LOCKS = List.of("drill/locks");

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S27",
          "foreign-cluster",
          1,
          true,
          "the address leads to another cluster: receive, backup and delta restore refuse, its own is still restored")
      .breaking(
          "the server's address leads to another cluster, which has another system identifier")
      .expecting("receiving is refused within 5 s", "refusal-receive")
      .expecting("so is a backup", "refusal-backup")
      .expecting("so is a delta restore over the other's files", "refusal-restore")
      .expecting("which stay as they were", "its-files")
      .expecting("the health check tells", "reported")
      .expecting("no slot and no connection is left on the other cluster", "other-cluster")
      .expecting("the repository is as it was", "repository-kept")
      .expecting("and restores its own, nothing of which is lost")
      .measuring(Measures.NOTHING_LOST, Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  /**
   * What was answered, and what was left behind.
   *
   * @param over of a restore over the other cluster's data directory
   * @param leftBehind slots and connections on the other cluster
   * @param changed files of the repository
   * @param overwritten files of that data directory
   */
  record Answers(
      Refusal receive,
      Refusal backup,
      Refusal over,
      CheckReport health,
      List<String> leftBehind,
      List<String> changed,
      List<String> overwritten) {}

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      stage.backupUnderLoad(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      long fault = System.nanoTime();
      List<ScenarioResult> results = new ArrayList<>();
      results.add(observed(ask(stage)).judged(INFO, "refusals"));
      Rewind own = new Rewind(
          "its-own", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, fault);
      results.add(own.run(stage, INFO, (recovery, validation) -> Observation.NOTHING));
      return results;
    }
  }

  private static Answers ask(Stage stage) {
    BackupHost host = stage.host();
    TreeFingerprint before = host.fingerprint();
    try (Cluster other = stage.primary().cluster().sibling().start();
        Damage damage = new Fault.ConnectElsewhere(
                new ServerConnection(other.jdbcUrl("postgres"), other.user(), other.password()))
            .inject(host)) {
      Refusal receive = Refusal.of(() -> host.receiveToItsEnd(PATIENCE));
      Refusal backup = Refusal.of(host::backup);
      CheckReport health = host.check();
      List<String> left = new ArrayList<>(
          other.query("postgres", "SELECT 'slot ' || slot_name FROM pg_replication_slots"));
      left.addAll(other.query(
          "postgres", "SELECT 'connection ' || application_name FROM pg_stat_replication"));
      other.stop(StopMode.FAST);
      Path data = other.dataDirectory();
      TreeFingerprint dataBefore = TreeFingerprint.of(data);
      Refusal over = Refusal.of(() -> host.recoveryEngine()
          .restore(RestoreRequest.to(data).delta(true).owner(other.fileOwner()).build()));
      return new Answers(
          receive,
          backup,
          over,
          health,
          left,
          host.fingerprint().changesSince(before),
          TreeFingerprint.of(data).changesSince(dataBefore));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "the other cluster's files are unreadable", "see the cause", e);
    }
  }

  /** What must have been answered. */
  static Observation observed(Answers answers) {
    List<String> said = answers.health().failed().stream()
        .map(CheckItem::name)
        .filter(name -> name.equals("system identifier"))
        .toList();
    return new Observation(
        List.of(
            answers
                .receive()
                .check(
                    "refusal-receive",
                    ErrorCode.REPOSITORY_OTHER_SYSTEM,
                    MissingSegment.AT_ONCE,
                    List.of("barman.server")),
            answers
                .backup()
                .check(
                    "refusal-backup",
                    ErrorCode.REPOSITORY_OTHER_SYSTEM,
                    MissingSegment.AT_ONCE,
                    List.of("barman.server")),
            answers
                .over()
                .check(
                    "refusal-restore",
                    ErrorCode.RESTORE_OTHER_SYSTEM,
                    MissingSegment.AT_ONCE,
                    List.of("of the system")),
            MappedTablespaces.untouched("its-files", answers.overwritten(), List.of()),
            new Check(
                "reported",
                !said.isEmpty(),
                said.isEmpty() ? "the health check does not tell" : "the health check tells"),
            new Check(
                "other-cluster",
                answers.leftBehind().isEmpty(),
                "left on it: " + answers.leftBehind()),
            MappedTablespaces.untouched("repository-kept", answers.changed(), LOCKS)),
        List.of(
            answers.receive().figure("refusalReceiveMillis"),
            answers.backup().figure("refusalBackupMillis"),
            answers.over().figure("refusalRestoreMillis")),
        List.of());
  }
}
