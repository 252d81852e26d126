package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.maven.GoalCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong in the middle of a goal is said, leaves nothing half-made, and the next run works. */
@Timeout(200)
class BadMomentIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static EmbeddedCluster server;

  @TempDir
  private Path folder;

  private CalledGoals goals = CalledGoals.in(Path.of("target"));

  @BeforeAll
  static void startServer() {
    server = EmbeddedCluster.builder(TestPostgres.newest()).start();
    server.execute("postgres", "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void useTheFolder() {
    goals = CalledGoals.in(folder);
  }

  /** A goal on a thread of its own. */
  private static final class Running {
    private final Thread thread;
    private final GoalCall call;
    private volatile String message = "";

    Running(GoalCall call) {
      this.call = call;
      this.thread = new Thread(() -> {
        Throwable failure = Assertions.catchThrowable(call::run);
        message = failure == null ? "" : String.valueOf(failure.getMessage());
      });
      thread.start();
    }

    void awaits(Callable<Boolean> there) {
      await().atMost(PATIENCE).until(() -> there.call() || !thread.isAlive());
      assertThat(thread.isAlive()).as(message).isTrue();
    }

    String end() throws InterruptedException {
      thread.join(PATIENCE.toMillis());
      assertThat(thread.isAlive()).as("ends in time").isFalse();
      return message;
    }
  }

  @Test
  void aServerThatRestartsInMidBackup() throws InterruptedException {
    Running backup = new Running(goals.on(server).call("backup", "barman.maxRate=512kB"));
    backup.awaits(BadMomentIT::isSending);
    server.stop(StopMode.FAST);
    server.start();
    assertThat(backup.end()).matches("(?s)BRM-(115|216): .*127\\.0\\.0\\.1:[0-9]+.*\nHINT: .+");
    assertNothingIsListedAndTheNextWorks();
  }

  @Test
  void aRoleThatIsRemovedInMidBackup() throws InterruptedException {
    server.execute("postgres", "CREATE ROLE leaving LOGIN REPLICATION PASSWORD 'leaving'");
    Running backup =
        new Running(goals.on(server, "leaving", "leaving").call("backup", "barman.maxRate=512kB"));
    backup.awaits(BadMomentIT::isSending);
    server.execute(
        "postgres",
        "ALTER ROLE leaving NOREPLICATION",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'leaving'");
    assertThat(backup.end()).startsWith("BRM-").contains("127.0.0.1", "\nHINT: ");
    assertThat(goals.on(server, "leaving", "leaving").broken("backup")).startsWith("BRM-203");
    assertNothingIsListedAndTheNextWorks();
    server.execute("postgres", "DROP ROLE leaving");
  }

  @Test
  void aRepositoryThatMayNoLongerBeWrittenInMidBackup() throws Exception {
    Path output = folder.resolve("output");
    Process process = GoalProcess.withoutPrivilege()
        .start(folder, output, "backup", properties("barman.maxRate=1MB"));
    try {
      await().atMost(PATIENCE).until(() -> isSending() || !process.isAlive());
      setPermissions(folder.resolve("repository"), "r-xr-xr-x");
      GoalProcess.Result result = GoalProcess.end(process, output);
      assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
      assertThat(result.output())
          .startsWith("BRM-303: ")
          .contains(folder.resolve("repository").toString(), "\nHINT: ");
    } finally {
      process.destroyForcibly();
      setPermissions(folder.resolve("repository"), "rwxr-xr-x");
    }
    assertNothingIsListedAndTheNextWorks();
  }

  @Test
  void aRepositoryOnAReadOnlyFileSystem() throws Exception {
    goals.on(server).run("backup");
    GoalProcess process = GoalProcess.withReadOnly(folder.resolve("repository"));
    Path restored = folder.resolve("restored");
    GoalProcess.Result backup = process.run(folder, "backup", properties());
    assertThat(backup.output()).startsWith("BRM-303: ").contains("Read-only", "\nHINT: ");
    GoalProcess.Result receive = process.run(folder, "receive-wal", properties());
    assertThat(receive.output()).startsWith("BRM-").contains("Read-only", "\nHINT: ");
    GoalProcess.Result list = process.run(folder, "list-backups", properties());
    assertThat(list.exitCode()).as(list.output()).isZero();
    GoalProcess.Result restore = process.run(
        folder, "restore", properties("barman.restoreTo=" + restored, "barman.readOnly=true"));
    assertThat(restore.exitCode()).as(restore.output()).isZero();
    assertThat(restored.resolve("global/pg_control")).hasSize(8192);
  }

  @Test
  void aDiskThatIsFullInMidBackup() throws Exception {
    goals.on(server).run("backup");
    List<String> before = ids();
    GoalProcess.Result backup = GoalProcess.withSmallDisk(
            folder.resolve("repository/main/packs"), 1)
        .run(folder, "backup", properties("barman.fresh=true"));
    assertThat(backup.exitCode()).as(backup.output()).isEqualTo(1);
    assertThat(backup.output())
        .startsWith("BRM-307: ")
        .contains("main/packs/", "No space left on device", "\nHINT: check free space");
    assertThat(ids()).isEqualTo(before);
    goals.on(server).run("backup");
    assertThat(goals.run("verify-backup", "barman.backup=all"))
        .noneMatch(line -> line.contains("FOUND"));
  }

  @Test
  void aDiskThatIsTooSmallForTheRestore() throws Exception {
    goals.on(server).run("backup");
    Path restored = Files.createDirectory(folder.resolve("restored"));
    GoalProcess.Result restore = GoalProcess.withSmallDisk(restored, 8)
        .run(folder, "restore", properties("barman.restoreTo=" + restored));
    assertThat(restore.exitCode()).as(restore.output()).isEqualTo(1);
    assertThat(restore.output()).startsWith("BRM-610: ").contains(restored.toString(), "\nHINT: ");
  }

  private List<String> ids() {
    return goals.answer("list-backups").get("backups").findValuesAsText("id");
  }

  @Test
  void aPgHbaThatShutsTheReceiverOut() throws Exception {
    Path hba = server.dataDirectory().resolve("pg_hba.conf");
    String before = Files.readString(hba);
    GoalCall call = goals.on(server).call("receive-wal", "barman.receive.duration=PT90S");
    Running receiver = new Running(call);
    try {
      receiver.awaits(BadMomentIT::isStreaming);
      Files.writeString(hba, "host replication all all reject\n" + before);
      server.execute(
          "postgres",
          "SELECT pg_reload_conf()",
          "SELECT pg_terminate_backend(pid) FROM pg_stat_replication");
      receiver.awaits(() -> call.lines().stream()
          .anyMatch(line -> line.startsWith("WARN receiving was interrupted: ")
              && line.contains("pg_hba.conf rejects")));
      assertThat(call.lines())
          .anyMatch(line -> line.startsWith("WARN HINT: add a line to pg_hba.conf"));
      Files.writeString(hba, before);
      server.execute("postgres", "SELECT pg_reload_conf()");
      receiver.awaits(BadMomentIT::isStreaming);
    } finally {
      Files.writeString(hba, before);
      receiver.thread.interrupt();
      receiver.end();
      server.execute("postgres", "SELECT pg_drop_replication_slot('barman')");
    }
    assertThat(call.lines().get(call.lines().size() - 1))
        .startsWith("INFO stopped; durable and acknowledged up to ");
  }

  private void assertNothingIsListedAndTheNextWorks() {
    assertThat(goals.run("list-backups")).containsExactly("INFO server 'main' has no backup");
    await()
        .atMost(PATIENCE)
        .until(() -> server
            .query("postgres", "SELECT slot_name FROM pg_replication_slots")
            .isEmpty());
    goals.on(server).run("backup");
    assertThat(goals.answer("list-backups").get("backups")).hasSize(1);
  }

  private static boolean isSending() {
    return server
        .query("postgres", "SELECT phase FROM pg_stat_progress_basebackup")
        .contains("streaming database files");
  }

  private static boolean isStreaming() {
    return server.query("postgres", "SELECT state FROM pg_stat_replication").contains("streaming");
  }

  private List<String> properties(String... more) {
    return Stream.concat(
            Stream.of(
                "barman.repository=" + folder.resolve("repository"),
                "barman.url=" + server.jdbcUrl("postgres"),
                "barman.user=" + server.user(),
                "barman.password=" + server.password().reveal()),
            Stream.of(more))
        .toList();
  }

  /** Of all directories. */
  private static void setPermissions(Path tree, String permissions) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.filter(Files::isDirectory).toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
      }
    }
  }
}
