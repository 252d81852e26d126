package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Ctrl-C and SIGTERM in the middle of a goal: Maven ends with 130 or 143, the server is out of backup mode, no slot is left that was not
 * asked for, nothing half-made is listed, and the next run works.
 */
@Timeout(300)
class InterruptedGoalsIT {
  /** A goal that is told to end has ended by then, also on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int ATTEMPTS = 5;
  private static final int ENDED_BY_INT = 130;
  private static final int ENDED_BY_TERM = 143;

  private static EmbeddedCluster server;

  @TempDir
  private Path folder;

  private CalledGoals offline = CalledGoals.in(Path.of("target"));

  @BeforeAll
  static void startServer() {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .setting("checkpoint_timeout", "1h")
        .start();
    server.execute(
        "postgres",
        "CREATE TABLE noise AS SELECT md5(i::text) || md5((-i)::text) AS text FROM generate_series(1, 300000) AS i");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void useTheFolder() {
    offline = CalledGoals.in(folder);
  }

  @Test
  void aBackupThatIsSentLeavesNothingBehind() {
    MavenCall backup = live("backup", "-Dbarman.maxRate=512kB");
    int exit = interrupt(backup, "TERM", () -> phase().startsWith("streaming"));
    assertThat(exit).isEqualTo(ENDED_BY_TERM);
    assertNothingIsLeft();
  }

  @Test
  void aBackupThatWaitsForASpreadCheckpointLeavesNothingBehind() {
    server.execute("postgres", "UPDATE noise SET text = text || 'x' WHERE text < '4'");
    MavenCall backup = live("backup", "-Dbarman.immediateCheckpoint=false");
    int exit = interrupt(backup, "INT", () -> phase().startsWith("waiting for checkpoint"));
    assertThat(exit).isEqualTo(ENDED_BY_INT);
    assertNothingIsLeft();
  }

  @Test
  void aReceiverKeepsItsSlotAndNothingElse() {
    MavenCall receiver = live("receive-wal", "-Dbarman.slot=asked_for");
    int exit = interrupt(
        receiver,
        "INT",
        () -> server
            .query("postgres", "SELECT state FROM pg_stat_replication")
            .contains("streaming"));
    assertThat(exit).isEqualTo(ENDED_BY_INT);
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> server
            .query("postgres", "SELECT slot_name || active FROM pg_replication_slots")
            .equals(List.of("asked_forfalse")));
    offline
        .on(server)
        .run("receive-wal", "barman.slot=asked_for", "barman.receive.duration=PT0.5S");
    server.execute("postgres", "SELECT pg_drop_replication_slot('asked_for')");
  }

  @Test
  void aRestoreLeavesADirectoryThatNoServerStartsOn() {
    offline.on(server).run("backup");
    Path target = folder.resolve("restored");
    MavenCall restore = MavenCall.of(folder, "restore", "-Dbarman.jobs=1")
        .with("-Dbarman.repository=repository", "-Dbarman.restoreTo=" + target);
    int exit = interruptAsSoonAs(restore, () -> Files.exists(target.resolve("PG_VERSION")));
    assertThat(exit).isEqualTo(ENDED_BY_TERM);
    assertThat(target.resolve("global/pg_control")).doesNotExist();
    assertThat(target.resolve("barman_restore_unfinished")).exists();
    assertLocksAreFree();
    Path again = folder.resolve("again");
    offline.run("restore", "barman.restoreTo=" + again);
    assertThat(again.resolve("global/pg_control")).hasSize(8192);
  }

  /** These take less than a second, so the signal comes wherever they are. */
  @ParameterizedTest
  @CsvSource({"verify-backup, TERM, 143", "heal-backup, INT, 130", "delete, TERM, 143"})
  void aShortGoalLeavesTheRepositoryWhole(String goal, String signal, int expected) {
    offline.on(server).run("backup", "barman.name=second");
    MavenCall call = MavenCall.of(folder, goal, "-Dbarman.jobs=1")
        .with("-Dbarman.repository=repository", "-Dbarman.backup=first");
    int exit = 0;
    for (int attempt = 0; attempt < ATTEMPTS && exit == 0; attempt++) {
      if (!names().contains("first")) {
        offline.on(server).run("backup", "barman.name=first");
      }
      exit = interruptInTheMiddle(call, signal, ":" + goal + " ");
    }
    assertThat(exit).isEqualTo(expected);
    assertLocksAreFree();
    assertThat(
            offline.answer("verify-backup", "barman.backup=all").get("passed").asBoolean())
        .isTrue();
    offline.run("delete", "barman.backup=second");
  }

  private List<String> names() {
    return offline.answer("list-backups").get("backups").findValuesAsText("name");
  }

  @Test
  void aDrillLeavesNoServerAndNoFolder() throws IOException {
    Path temporary = server.newFolder("drill");
    Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
    MavenCall drill = MavenCall.of(folder, "drill", "-o", "-Dbarman.drill.scenarios=S01")
        .with("-Dbarman.drill.warmUp=PT2M")
        .environment("MAVEN_OPTS", "-Djava.io.tmpdir=" + temporary);
    int exit = interrupt(drill, "TERM", () -> running(temporary) > 0);
    assertThat(exit).isEqualTo(ENDED_BY_TERM);
    assertThat(running(temporary)).isZero();
    try (Stream<Path> left = Files.list(temporary)) {
      assertThat(left.map(path -> String.valueOf(path.getFileName())))
          .allMatch(name -> name.startsWith("barman-postgres-") || name.startsWith("hsperfdata"));
    }
  }

  private void assertNothingIsLeft() {
    Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
      assertThat(phase()).isEmpty();
      assertThat(server.query("postgres", "SELECT application_name FROM pg_stat_replication"))
          .isEmpty();
      assertThat(
              server.query(
                  "postgres",
                  "SELECT application_name FROM pg_stat_activity"
                      + " WHERE backend_type IN ('client backend', 'walsender') AND pid <> pg_backend_pid()"))
          .isEmpty();
    });
    assertThat(server.query("postgres", "SELECT slot_name FROM pg_replication_slots"))
        .isEmpty();
    assertThat(offline.run("list-backups")).containsExactly("INFO server 'main' has no backup");
    assertLocksAreFree();
    offline.on(server).run("backup");
    assertThat(offline.answer("list-backups").get("backups")).hasSize(1);
  }

  private void assertLocksAreFree() {
    JsonNode archive = offline.answer("status").get("archive");
    assertThat(archive.get("receiver").isNull()).isTrue();
    assertThat(archive.get("backupRunning").isNull()).isTrue();
  }

  private static String phase() {
    return String.join(
        ", ", server.query("postgres", "SELECT phase FROM pg_stat_progress_basebackup"));
  }

  /** Sends a signal when the goal is where it should be. */
  private int interrupt(MavenCall call, String signal, Callable<Boolean> there) {
    return run(call, (maven, output) -> {
      Awaitility.await()
          .atMost(2, TimeUnit.MINUTES)
          .pollInterval(Duration.ofMillis(50))
          .until(() -> !maven.isAlive() || there.call());
      assertThat(maven.isAlive()).as(Files.readString(output)).isTrue();
      signal(maven, signal);
    });
  }

  /** Stops the process at once when the goal is where it should be, so that it cannot end before it is told to. */
  private int interruptAsSoonAs(MavenCall call, Callable<Boolean> there) {
    return run(call, (maven, output) -> {
      while (maven.isAlive() && !there.call()) {
        Thread.onSpinWait();
      }
      signal(maven, "STOP");
      assertThat(maven.isAlive()).as(Files.readString(output)).isTrue();
      signal(maven, "TERM");
      signal(maven, "CONT");
    });
  }

  /**
   * The same after Maven has announced the goal.
   *
   * @return 0 when the goal was too fast: it has done its work
   */
  private int interruptInTheMiddle(MavenCall call, String signal, String announcement) {
    return run(call, (maven, output) -> {
      while (maven.isAlive() && !Files.readString(output).contains(announcement)) {
        Thread.onSpinWait();
      }
      signal(maven, "STOP");
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> !maven.isAlive() || state(maven).equals("T"));
      boolean inTheMiddle = !Files.readString(output).contains("BUILD ");
      signal(maven, inTheMiddle ? signal : "CONT");
      signal(maven, "CONT");
    });
  }

  /** As in proc(5). */
  private static String state(Process process) throws IOException {
    String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    return line.substring(line.lastIndexOf(')') + 2).substring(0, 1);
  }

  @FunctionalInterface
  private interface Act {
    void on(Process maven, Path output) throws Exception;
  }

  private int run(MavenCall call, Act act) {
    Path output = folder.resolve("maven.log");
    Process maven = call.start(output);
    try {
      act.on(maven, output);
      assertThat(maven.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("ends in time")
          .isTrue();
      return maven.exitValue();
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      maven.destroyForcibly();
    }
  }

  private static void signal(Process process, String signal) throws Exception {
    new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
        .start()
        .waitFor();
  }

  /** How many processes have a folder in their command line. */
  private static long running(Path folder) {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(process -> String.valueOf(process.getFileName()).matches("[0-9]+"))
          .filter(process -> commandLine(process).contains(folder + "/barman-"))
          .count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String commandLine(Path process) {
    try {
      return Files.readString(process.resolve("cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      // It has ended.
      return "";
    }
  }

  private MavenCall live(String goal, String... arguments) {
    return MavenCall.of(folder, goal, arguments)
        .on(server)
        .with("-Dbarman.repository=repository")
        .environment("PGPASSWORD", server.password().reveal());
  }
}
