package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.maven.GoalCall;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A goal that is interrupted at any moment says that it was, or has ended before. It takes nothing for damaged because of that, keeps no
 * lock, and the next run works.
 *
 * <p>The moments are spread evenly over the time that the goal takes undisturbed.
 */
@Timeout(300)
class InterruptedAnywhereIT {
  private static final int MOMENTS = 6;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir
  private static Path origin;

  private static EmbeddedCluster server;

  @TempDir
  private Path folder;

  private CalledGoals goals = CalledGoals.in(Path.of("target"));

  @BeforeAll
  static void takeTwoBackups() {
    server = EmbeddedCluster.builder(TestPostgres.newest())
        .initdbOption("--wal-segsize=1")
        .start();
    server.execute(
        "postgres",
        "CREATE TABLE kept AS SELECT md5(i::text) AS text FROM generate_series(1, 100000) AS i");
    CalledGoals live = CalledGoals.in(origin).on(server);
    live.run("backup", "barman.name=first");
    server.execute("postgres", "UPDATE kept SET text = 'x' WHERE text < '1'");
    live.run("backup", "barman.name=second");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"verify-backup", "heal-backup", "restore", "delete", "recoverable", "backup"})
  void saysSoAndHarmsNothing(String goal) throws Exception {
    long undisturbed = run(goal, "undisturbed", Long.MAX_VALUE).nanos();
    assertNothingIsHarmed(goal);
    TreeMap<String, Long> endings = new TreeMap<>();
    for (int moment : IntStream.range(0, MOMENTS).toArray()) {
      Ending ending = run(goal, "moment" + moment, undisturbed * moment / MOMENTS);
      endings.merge(ending.message().lines().findFirst().orElse(""), 1L, Long::sum);
      assertThat(ending.message()).matches("(?s)|BRM-902: .*\nHINT: .*");
      assertNothingIsHarmed(goal);
    }
    assertThat(endings.keySet()).as("moments that were inside").anyMatch(text -> !text.isEmpty());
  }

  /** @param message empty when it has succeeded */
  private record Ending(String message, long nanos) {}

  /** Interrupts the goal that many nanoseconds after its begin. */
  private Ending run(String goal, String name, long nanos) throws Exception {
    Path own = folder.resolve(name);
    CopiedRepository.of(origin.resolve("repository"), own.resolve("repository"));
    goals = CalledGoals.in(own);
    GoalCall call = (goal.equals("backup") ? goals.on(server) : goals)
        .call(goal, "barman.backup=second", "barman.restoreTo=" + own.resolve("restored"));
    String[] message = {""};
    Thread thread = new Thread(() -> {
      Throwable failure = catchThrowable(call::run);
      message[0] = failure == null ? "" : String.valueOf(failure.getMessage());
    });
    long begin = System.nanoTime();
    thread.start();
    thread.join(Duration.ofNanos(Math.min(nanos, PATIENCE.toNanos())).toMillis() + 1);
    thread.interrupt();
    thread.join(PATIENCE.toMillis());
    assertThat(thread.isAlive()).as(goal + " ends in time").isFalse();
    return new Ending(message[0], System.nanoTime() - begin);
  }

  private void assertNothingIsHarmed(String goal) {
    JsonNode verified = goals.answer("verify-backup", "barman.backup=all");
    assertThat(verified.get("passed").asBoolean()).as(verified.toPrettyString()).isTrue();
    List<String> names = goals.answer("list-backups").get("backups").findValuesAsText("name");
    if (goal.equals("delete")) {
      assertThat(names).contains("first");
    } else {
      assertThat(names).contains("first", "second");
    }
    JsonNode archive = goals.answer("status").get("archive");
    assertThat(archive.get("backupRunning").isNull()).isTrue();
    goals.run("delete", "barman.backup=first");
  }
}
