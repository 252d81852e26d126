package io.github.barman4j.it.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.backup.BackupPlan;
import io.github.barman4j.backup.BackupReport;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class StreamBackupIT {
  private static EmbeddedCluster cluster;

  @TempDir
  Path directory;

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private Engine engine;

  @BeforeAll
  static void startServer() {
    cluster = EmbeddedCluster.builder(TestPostgres.newest()).start();
    cluster.execute(
        "postgres",
        "CREATE TABLE filler AS SELECT i, repeat(md5(i::text), 8) AS t FROM generate_series(1, 60000) i");
    cluster.execute("postgres", "CHECKPOINT");
  }

  @AfterAll
  static void stopServer() {
    cluster.close();
  }

  @BeforeEach
  void openEngine() {
    engine = engine("main");
  }

  @Test
  void entersTheCatalogWithEverythingThatARestoreNeeds() {
    BackupReport report = engine.backup(BackupRequest.defaults().named("first"));
    Backup backup = report.backup();
    assertThat(engine.backups()).containsExactly(backup);
    assertThat(engine.backup("first")).isEqualTo(backup);
    assertThat(backup.postgres().major()).isEqualTo(18);
    assertThat(backup.beginLsn()).isLessThan(backup.endLsn());
    assertThat(backup.sizes().databaseBytes()).isGreaterThan(30_000_000);
    assertThat(backup.sizes().storedBytes()).isBetween(1L, backup.sizes().databaseBytes() / 2);
    assertThat(backup.configurationFiles()).contains("settings.conf");
    assertThat(report.phases())
        .extracting(BackupReport.Phase::name)
        .containsExactly("checkpoint", "copy", "sync", "wal", "catalog");
    assertThat(events).anyMatch(Event.Progress.class::isInstance);
  }

  @Test
  void storesNearlyNothingWhenNothingHasChanged() {
    Backup first = engine.backup(BackupRequest.defaults()).backup();
    Backup second = engine.backup(BackupRequest.defaults()).backup();
    assertThat(second.parent()).contains(first.id());
    assertThat(second.sizes().databaseBytes()).isEqualTo(first.sizes().databaseBytes());
    assertThat(second.sizes().newBytes()).isLessThan(first.sizes().databaseBytes() / 50);
    assertThat(second.sizes().storedBytes()).isLessThan(first.sizes().storedBytes() / 20);
  }

  @Test
  void leavesNoSlotAndIsNeverASynchronousStandby() {
    cluster.execute("postgres", "ALTER SYSTEM SET synchronous_standby_names = '*'");
    cluster.execute("postgres", "SELECT pg_reload_conf()");
    List<String> states = new CopyOnWriteArrayList<>();
    try {
      Engine watched = Engine.open(engine.configuration(), event -> {
        if (event instanceof Event.Progress) {
          states.addAll(cluster.query(
              "postgres",
              "SELECT sync_state || ' ' || coalesce(flush_lsn::text, 'none')"
                  + " FROM pg_stat_replication WHERE state = 'streaming'"));
        }
      });
      watched.backup(BackupRequest.defaults());
    } finally {
      cluster.execute(
          "postgres",
          "SET synchronous_commit = local",
          "ALTER SYSTEM RESET synchronous_standby_names");
      cluster.execute("postgres", "SELECT pg_reload_conf()");
    }
    assertThat(states).isNotEmpty().allMatch(state -> state.endsWith("none"));
    assertThat(cluster.query("postgres", "SELECT slot_name FROM pg_replication_slots"))
        .isEmpty();
  }

  @Test
  void takesTheWalFromARunningReceiver() {
    try (RunningReceiver receiver = engine.startReceiver(ReceiveRequest.defaults())) {
      await().atMost(Duration.ofSeconds(30)).until(receiver::isStreaming);
      assertThat(engine.planBackup(BackupRequest.defaults()).walSource())
          .isEqualTo(BackupPlan.WalSource.RECEIVER);
      Backup backup = engine.backup(BackupRequest.defaults()).backup();
      assertThat(receiver.flushed()).isGreaterThanOrEqualTo(backup.endLsn());
      assertThat(engine.check().items())
          .anySatisfy(item -> assertThat(item.toString()).contains("receiver", "runs"));
    } finally {
      cluster.execute("postgres", "SELECT pg_drop_replication_slot('barman')");
    }
  }

  @Test
  void refusesAServerThatIsNotTheRepositorys() {
    engine.backup(BackupRequest.defaults());
    try (EmbeddedCluster other = EmbeddedCluster.builder(TestPostgres.oldest()).start()) {
      Engine wrong = Engine.open(
          EngineConfiguration.of(
              directory,
              "main",
              new ServerConnection(other.jdbcUrl("postgres"), other.user(), other.password())),
          events::add);
      assertRefused(
          ErrorCode.REPOSITORY_OTHER_SYSTEM, () -> wrong.backup(BackupRequest.defaults()));
      assertRefused(ErrorCode.REPOSITORY_OTHER_SYSTEM, () -> {
        try (RunningReceiver receiver = wrong.startReceiver(ReceiveRequest.defaults())) {
          receiver.awaitEnd(Duration.ofSeconds(30));
        }
      });
      assertThat(wrong.check().passed()).isFalse();
    }
    assertThat(engine.backups()).hasSize(1);
  }

  @Test
  void refusesAUsedNameAndASecondBackupAtTheSameTime() {
    engine.backup(BackupRequest.defaults().named("nightly"));
    assertRefused(
        ErrorCode.BACKUP_EXISTS, () -> engine.backup(BackupRequest.defaults().named("nightly")));
    List<BarmanException> refused = new CopyOnWriteArrayList<>();
    Engine nested = Engine.open(engine.configuration(), event -> {
      if (event instanceof Event.Progress && refused.isEmpty()) {
        try {
          engine.backup(BackupRequest.defaults());
        } catch (BarmanException e) {
          refused.add(e);
        }
      }
    });
    nested.backup(BackupRequest.defaults());
    assertThat(refused).isNotEmpty().allMatch(e -> e.code() == ErrorCode.REPOSITORY_LOCKED);
    assertThat(engine.backups()).hasSize(2);
  }

  @Test
  void planningWritesNothing() throws IOException {
    BackupPlan plan = engine.planBackup(BackupRequest.defaults());
    assertThat(plan.parent()).isEmpty();
    assertThat(plan.reasons()).hasSize(2);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  private Engine engine(String server) {
    return Engine.open(
        EngineConfiguration.of(
            directory,
            server,
            new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password())),
        events::add);
  }

  private static void assertRefused(ErrorCode code, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("HINT:");
  }
}
