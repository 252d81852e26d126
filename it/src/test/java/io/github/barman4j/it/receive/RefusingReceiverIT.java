package io.github.barman4j.it.receive;

import static io.github.barman4j.it.receive.Archives.SLOT;
import static io.github.barman4j.it.receive.Archives.server;
import static io.github.barman4j.it.receive.Archives.settings;
import static io.github.barman4j.it.receive.Archives.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.health.CheckItem;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusingReceiverIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  Path folder;

  private Path spool = Path.of("");
  private WalArchive archive = Archives.archive(Path.of("target"));

  @BeforeEach
  void makeArchive() {
    spool = folder.resolve("spool");
    archive = Archives.archive(folder.resolve("repository"));
  }

  @Test
  void refusesAnotherClusterThanTheArchives() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start()) {
      archive.claim(new SystemIdentifier(42), 18);

      assertRefused(settings(cluster, spool), ErrorCode.REPOSITORY_OTHER_SYSTEM, "42");
      assertThat(value(cluster, "SELECT slot_name FROM pg_replication_slots")).isEmpty();
    }
  }

  @Test
  void refusesAnAddressWithoutAServer() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    ConnectionSettings nobody =
        ConnectionSettings.of("jdbc:postgresql://127.0.0.1:" + port + "/postgres");

    assertRefused(
        ReceiveSettings.of(nobody, SLOT, spool),
        ErrorCode.CONNECTION_FAILED,
        Integer.toString(port));
  }

  @Test
  void refusesAWrongPasswordAndASlotThatIsNotThere() {
    try (EmbeddedCluster cluster = server(TestPostgres.oldest()).start()) {
      ConnectionSettings wrong =
          ConnectionSettings.of(cluster.jdbcUrl("postgres"), cluster.user(), Secret.of("wrong"));

      assertRefused(
          ReceiveSettings.of(wrong, SLOT, spool), ErrorCode.AUTHENTICATION_FAILED, "password");
      assertRefused(settings(cluster, spool).withCreateSlot(false), ErrorCode.SLOT_MISSING, SLOT);
    }
  }

  @Test
  void refusesASecondReceiver() {
    try (EmbeddedCluster cluster = server(TestPostgres.newest()).start();
        RunningReceiver first = RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      assertRefused(settings(cluster, spool), ErrorCode.REPOSITORY_LOCKED, "receive");

      archive = Archives.archive(folder.resolve("another"));
      assertRefused(
          settings(cluster, folder.resolve("another spool")), ErrorCode.SLOT_IN_USE, SLOT);
      first.awaitStreaming();
    }
  }

  @Test
  void saysWhenTheSlotHasLostWhatWasNotReceived() throws SQLException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.oldest())
            .initdbOption("--wal-segsize=1")
            .setting("max_slot_wal_keep_size", "1MB")
            .setting("max_wal_size", "2MB")
            .setting("min_wal_size", "2MB")
            .start();
        Commits commits = Commits.in(cluster, folder)) {
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        commits.run(100);
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
        running.stop();
      }
      await().atMost(PATIENCE).until(() -> {
        cluster.execute(
            "postgres",
            "SELECT pg_logical_emit_message(false, 'x', repeat('x', 3000000))",
            "CHECKPOINT");
        return value(cluster, "SELECT wal_status FROM pg_replication_slots").equals("lost");
      });

      assertRefused(
          settings(cluster, spool),
          ErrorCode.SLOT_LOST,
          "SELECT pg_drop_replication_slot('" + SLOT + "')");
      assertThat(slotIn(cluster).status()).isEqualTo(CheckItem.Status.FAILED);
      assertThat(archive.gaps()).singleElement().satisfies(gap -> {
        assertThat(gap.reason()).contains("'" + SLOT + "' is lost");
        assertThat(gap.to()).isGreaterThan(gap.from());
      });

      cluster.execute("postgres", "SELECT pg_drop_replication_slot('" + SLOT + "')");
      goesOnAfterTheGap(cluster, commits);
      assertThat(slotIn(cluster).status()).isEqualTo(CheckItem.Status.OK);
    }
  }

  private CheckItem slotIn(EmbeddedCluster cluster) {
    ServerConnection server =
        new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password());
    EngineConfiguration configuration =
        EngineConfiguration.of(folder.resolve("repository"), "main", server);
    return Engine.open(configuration, event -> {}).check(SLOT).items().stream()
        .filter(item -> item.name().equals("slot"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void goesOnWithARecordedGapWhenTheSlotWasDropped() throws SQLException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.newest())
            .initdbOption("--wal-segsize=1")
            .setting("max_wal_size", "2MB")
            .setting("min_wal_size", "2MB")
            .start();
        Commits commits = Commits.in(cluster, folder)) {
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        commits.run(20);
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
        running.stop();
      }
      String held = value(cluster, "SELECT pg_walfile_name(restart_lsn) FROM pg_replication_slots");
      cluster.execute("postgres", "SELECT pg_drop_replication_slot('" + SLOT + "')");
      await().atMost(PATIENCE).until(() -> {
        cluster.execute(
            "postgres",
            "SELECT pg_logical_emit_message(false, 'x', repeat('x', 3000000))",
            "CHECKPOINT");
        return value(cluster, "SELECT count(*) FROM pg_ls_waldir() WHERE name = '" + held + "'")
            .equals("0");
      });
      goesOnAfterTheGap(cluster, commits);
    }
  }

  /** A slot that nobody used for too long, whose log may still be there: its protection is gone all the same. */
  @Test
  void saysThatTheServerHasGivenUpAnIdleSlot() throws SQLException {
    try (EmbeddedCluster cluster = server(TestPostgres.newest())
            .setting("idle_replication_slot_timeout", "1s")
            .start();
        Commits commits = Commits.in(cluster, folder)) {
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        commits.run(20);
        running.stop();
      }
      commits.run(20);
      await().atMost(PATIENCE).until(() -> {
        cluster.execute("postgres", "CHECKPOINT");
        return value(cluster, "SELECT invalidation_reason FROM pg_replication_slots")
            .equals("idle_timeout");
      });

      assertRefused(settings(cluster, spool), ErrorCode.SLOT_LOST, "idle_timeout");
      assertThat(archive.gaps()).hasSize(1);

      cluster.execute("postgres", "SELECT pg_drop_replication_slot('" + SLOT + "')");
      try (RunningReceiver running =
          RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
        cluster.execute("postgres", "SELECT pg_switch_wal()");
        await().atMost(PATIENCE).until(() -> archive.gaps().isEmpty());
        running.stop();
      }
      commits.assertAllReceived(archive, spool);
    }
  }

  private void goesOnAfterTheGap(EmbeddedCluster cluster, Commits commits) throws SQLException {
    try (RunningReceiver running =
        RunningReceiver.startAndAwait(settings(cluster, spool), archive)) {
      assertThat(running.warnings())
          .hasSize(2)
          .anyMatch(text -> text.contains("was created, although log was received"))
          .anyMatch(text -> text.contains("was not received"));
      commits.run(100);
      cluster.execute("postgres", "SELECT pg_switch_wal()");
      await().atMost(PATIENCE).until(() -> archive.coverage().gaps().size() == 1);
      running.stop();
    }
    WalCoverage.Range hole = archive.coverage().gaps().get(0);
    assertThat(archive.gaps()).singleElement().satisfies(gap -> {
      assertThat(gap.from()).isEqualTo(hole.first().start());
      assertThat(gap.to()).isEqualTo(hole.last().end());
      assertThat(gap.noticedAt()).isBetween(Instant.now().minusSeconds(120), Instant.now());
    });
  }

  /** Two servers that were one: what the second one archives differs, and must not replace what is there. */
  @Test
  void refusesAndKeepsWhatACopyOfTheServerSends() throws SQLException, IOException {
    try (EmbeddedCluster original = server(TestPostgres.newest()).start();
        Commits commits = Commits.in(original, folder)) {
      original.stop(StopMode.FAST);
      Path copied = copy(original.dataDirectory(), folder.resolve("copy"));
      try (EmbeddedCluster copy = EmbeddedCluster.builder(TestPostgres.newest())
          .existing(copied)
          .password(original.password())
          .start()) {
        original.start();
        copy.execute("postgres", "CREATE TABLE in_the_copy AS SELECT 1");
        try (RunningReceiver running =
            RunningReceiver.startAndAwait(settings(original, spool), archive)) {
          commits.run(100);
          running.stop();
        }
        assertRefused(settings(copy, spool), ErrorCode.WAL_DIFFERS, "other bytes");

        try (RunningReceiver running =
            RunningReceiver.startAndAwait(settings(original, spool), archive)) {
          original.execute("postgres", "SELECT pg_switch_wal()");
          await().atMost(PATIENCE).until(() -> !archive.segments().isEmpty());
          running.stop();
        }
        copy.execute("postgres", "SELECT pg_switch_wal()");
        Path other = folder.resolve("spool of the copy");
        assertRefused(settings(copy, other), ErrorCode.WAL_DIFFERS, "quarantine");
        assertThat(archive.quarantined()).hasSize(1);
        commits.assertAllReceived(archive, spool);
      }
    }
  }

  private void assertRefused(ReceiveSettings settings, ErrorCode code, String part) {
    try (RunningReceiver running = RunningReceiver.start(settings, archive)) {
      assertThat(running.awaitFailure())
          .isInstanceOfSatisfying(BarmanException.class, e -> {
            assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
            assertThat(e.hint()).isNotBlank();
          })
          .hasMessageContaining(part);
    }
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return to;
  }
}
