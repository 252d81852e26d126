package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The restore_command in a real shell, called as PostgreSQL calls it: {@code system()} in the data directory. */
@Timeout(60)
class RestoreCommandTest {
  private static final String SEGMENT = "000000010000000000000003";
  private static final String HISTORY = "00000002.history";

  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private Path data;
  private WalSpool spool;

  @BeforeEach
  void makeADataDirectory(@TempDir Path folder) throws IOException {
    data = Files.createDirectories(folder.resolve("it's a \"data\" $HOME directory"));
    Files.createDirectory(data.resolve("pg_wal"));
    spool = WalSpool.create(data, List.of(HISTORY, SEGMENT), FileOwner.SELF, WalSpool.waiting(20));
  }

  @AfterEach
  void stop() {
    background.shutdownNow();
  }

  private int restore(String name) throws IOException, InterruptedException {
    return shell(WalSpool.RESTORE_COMMAND.replace("%f", name).replace("%p", "pg_wal/RECOVERYXLOG"));
  }

  private int shell(String command) throws IOException, InterruptedException {
    Process shell = new ProcessBuilder("/bin/sh", "-c", command)
        .directory(data.toFile())
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("output").toFile())
        .start();
    assertThat(shell.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
    return shell.exitValue();
  }

  private Future<Integer> restoreInBackground(String name) {
    Callable<Integer> call = () -> restore(name);
    return background.submit(call);
  }

  private void publish(String name, String content) throws IOException {
    Files.writeString(spool.incoming().resolve(name), content);
    assertThat(spool.publish(name)).isTrue();
  }

  private Path restored() {
    return data.resolve("pg_wal/RECOVERYXLOG");
  }

  @Test
  void copiesWhatIsThere() throws Exception {
    publish(SEGMENT, "content");

    assertThat(restore(SEGMENT)).isZero();

    assertThat(restored()).hasContent("content");
    assertThat(data.resolve("pg_wal")).isDirectoryNotContaining("glob:**.barman");
    assertThat(data.resolve("output")).isEmptyFile();
  }

  @Test
  void servesTheSameFileAgain() throws Exception {
    publish(SEGMENT, "content");

    assertThat(restore(SEGMENT)).isZero();
    assertThat(restore(SEGMENT)).isZero();
  }

  @Test
  void doesNotHaveWhatIsNotOnTheList() throws Exception {
    assertThat(restore("000000010000000000000004")).isEqualTo(1);
    assertThat(restore("00000003.history")).isEqualTo(1);
    assertThat(restore("00000001000000000000000.")).as("no pattern").isEqualTo(1);
    assertThat(restored()).doesNotExist();
    assertThat(data.resolve("output")).isEmptyFile();
  }

  @Test
  void waitsForWhatIsOnTheListWhileTheFillerLives() throws Exception {
    Future<Integer> exit = restoreInBackground(SEGMENT);
    for (int beat = 1; beat <= 30; beat++) {
      spool.beat(beat);
      assertThat(new java.util.concurrent.CountDownLatch(1).await(100, TimeUnit.MILLISECONDS))
          .isFalse();
      assertThat(exit.isDone()).isFalse();
    }

    publish(SEGMENT, "late");

    assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
    assertThat(restored()).hasContent("late");
  }

  @Test
  void stopsTheServerWhenTheFillerIsGone() throws Exception {
    assertThat(restore(SEGMENT)).isEqualTo(126);
    assertThat(data.resolve("output")).content(UTF_8).contains("gone");
  }

  @Test
  void stopsTheServerAtOnceWhenTheFillerHasFailed() throws Exception {
    spool.fail();

    assertThat(restore(SEGMENT)).isEqualTo(126);
  }

  @Test
  void stopsTheServerWhenAFileHasVanished() throws Exception {
    publish(SEGMENT, "content");
    spool.complete();
    Files.delete(data.resolve("barman_wal/wal").resolve(SEGMENT));

    assertThat(restore(SEGMENT)).isEqualTo(126);
    assertThat(data.resolve("output")).content(UTF_8).contains(SEGMENT);
  }

  @Test
  void stopsTheServerWhenTheListHasVanished() throws Exception {
    Files.delete(data.resolve("barman_wal/list"));

    assertThat(restore(SEGMENT)).isEqualTo(126);
  }

  @Test
  void stopsTheServerWhenItCannotCopy() throws Exception {
    publish(SEGMENT, "content");
    Files.delete(data.resolve("pg_wal"));

    assertThat(restore(SEGMENT)).isEqualTo(126);
  }

  @Test
  void hasNothingAnyMoreWhenRecoveryHasEnded() throws Exception {
    publish(SEGMENT, "content");
    publish(HISTORY, "1\t0/5000000\treason\n");
    spool.complete();

    assertThat(shell(WalSpool.RECOVERY_END_COMMAND)).isZero();

    assertThat(spool.isAbandoned()).isTrue();
    assertThat(data.resolve("barman_wal/wal")).doesNotExist();
    assertThat(restore(SEGMENT)).as("a standby made of it later").isEqualTo(1);
    assertThat(spool.publish("another")).isFalse();
  }

  /** A standby asks its primary, or asks again. */
  @Test
  void neverKeepsAStandbyWaiting() throws Exception {
    spool = WalSpool.forStandby(data, List.of(HISTORY, SEGMENT), List.of(SEGMENT), FileOwner.SELF);

    long begin = System.nanoTime();
    assertThat(restore(SEGMENT)).as("not there yet").isEqualTo(1);
    assertThat(System.nanoTime() - begin).isLessThan(TimeUnit.SECONDS.toNanos(5));
    publish(SEGMENT, "content");
    assertThat(restore(SEGMENT)).isZero();
    assertThat(restored()).hasContent("content");
    assertThat(restore("000000010000000000000004")).as("not on the list").isEqualTo(1);
    spool.fail();
    assertThat(restore(HISTORY)).as("the filler is gone").isEqualTo(1);
  }

  /** What is streamed into the segment afterwards must not be replaced by what was known of it once. */
  @Test
  void handsTheBeginningOfASegmentToAStandbyUntilItHasIt() throws Exception {
    String whole = "000000010000000000000002";
    spool = WalSpool.forStandby(data, List.of(whole, SEGMENT), List.of(SEGMENT), FileOwner.SELF);
    publish(whole, "whole");
    publish(SEGMENT, "beginning");
    Path kept = data.resolve("pg_wal").resolve(SEGMENT);

    assertThat(restore(SEGMENT)).isZero();
    assertThat(restored()).hasContent("beginning");
    assertThat(restore(SEGMENT)).as("lost before it was kept").isZero();
    Files.writeString(kept, "beginning, and what was streamed");
    assertThat(restore(SEGMENT)).as("pg_wal has more").isEqualTo(1);
    assertThat(kept).hasContent("beginning, and what was streamed");

    Files.writeString(data.resolve("pg_wal").resolve(whole), "damaged");
    assertThat(restore(whole)).as("the archive's is as good as any").isZero();
    assertThat(restore(whole)).isZero();
  }

  /** A recycled file has the name of a segment that is still to come. */
  @Test
  void handsTheBeginningOverWhenPgWalHasAnotherFileOfItsName() throws Exception {
    spool = WalSpool.forStandby(data, List.of(SEGMENT), List.of(SEGMENT), FileOwner.SELF);
    publish(SEGMENT, "beginning");
    Files.writeString(data.resolve("pg_wal").resolve(SEGMENT), "recycled");
    assertThat(restore(SEGMENT)).isZero();
    assertThat(restored()).hasContent("beginning");
  }
}
