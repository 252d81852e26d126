package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.Secret;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.DiskCall;
import io.github.barman4j.fault.DiskFault;
import io.github.barman4j.fault.DiskFault.Reaction;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crashes with an encrypted repository, whose spool is written in another way: a kill of each operation, and losses of power under a
 * receiver. {@link KillPointsIT} and {@link PowerLossIT} do more without encryption.
 */
class EncryptedCrashIT {
  /** Every build takes the same sample; {@code -Dseed} takes another. */
  private static final long SEED = 1;

  private static final int LOSSES = 6;
  private static final int LONGEST_MILLIS = 1500;

  @TempDir
  static Path folder;

  private static Bench bench;

  private final long seed = Long.getLong("seed", SEED);
  private final SplittableRandom random = new SplittableRandom(seed);

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    bench = Bench.start(TestPostgres.newest(), folder, Secret.of("a passphrase for crashes"));
  }

  @AfterAll
  static void stopServer() {
    bench.close();
  }

  @Test
  void leavesNothingWrongAtRandomMoments() throws Exception {
    Outcomes outcomes = new Outcomes("SIGKILL with encryption, seed " + seed);
    KillTrials trials = new KillTrials(bench);
    for (Operation operation : Operation.values()) {
      Duration delay = Duration.ofMillis(random.nextInt(LONGEST_MILLIS));
      outcomes.add(trials.killAfter(
          operation, delay, "SIGKILL in encrypted " + operation + " after " + delay));
    }
    outcomes.report();
  }

  @Test
  void keepsEveryAcknowledgedCommitWhenThePowerIsLost() throws IOException {
    int[] lost = new int[2];
    receive(DiskFault.NONE, (disk, load) -> {
      for (int loss = 0; loss < LOSSES; loss++) {
        load.awaitMore(random.nextInt(1, 30));
        if (random.nextInt(2) == 0) {
          bench.switchSegment();
        }
        List<Long> acknowledged = load.transactions();
        Place all = bench.newPlace();
        disk.image(all.root());
        Place some = bench.newPlace();
        disk.image(some.root(), random.nextLong());
        lost[0] += Load.lost(all, acknowledged);
        lost[1] += Load.lost(some, acknowledged);
      }
    });
    assertThat(lost).as("seed %d", seed).containsExactly(0, 0);
  }

  @Test
  void wouldFindAForceThatIsMissingBeforeTheAcknowledge() throws IOException {
    int[] lost = new int[1];
    DiskFault pretended =
        DiskFault.every(DiskCall.FORCE_FILE, "spool/.*[.]partial", Reaction.PRETEND);
    receive(pretended, (disk, load) -> {
      load.awaitMore(20);
      Place all = bench.newPlace();
      disk.image(all.root());
      lost[0] = load.lost(all);
    });
    assertThat(lost[0]).as("acknowledged and lost").isPositive();
  }

  private interface Watching {
    void watch(Disk disk, Load load) throws IOException;
  }

  private static void receive(DiskFault fault, Watching watching) throws IOException {
    Place real = bench.placeFor(Operation.RECEIVE);
    Path forced = Files.createTempDirectory(folder, "forced").resolve("content");
    Disk disk = Disk.of(real.root(), forced);
    disk.fault(fault);
    try (Load load = bench.startLoad();
        RunningReceiver receiver = bench
            .engine(real.at(disk.root()))
            .startReceiver(new ReceiveRequest(Bench.SLOT, true, false))) {
      load.awaitMore(1);
      watching.watch(disk, load);
      load.stop();
      assertThat(receiver.isRunning()).isTrue();
    }
  }
}
