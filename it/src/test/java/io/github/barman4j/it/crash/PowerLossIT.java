package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.engine.BackupRequest;
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
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a loss of power leaves at any moment of a receiver's work and of a backup's; and that these tests would see a force that is missing:
 * the disk pretends it.
 */
class PowerLossIT {
  /** Every build takes the same sample; {@code -Dseed} takes another. */
  private static final long SEED = 1;

  private static final int MOMENTS = 15;

  @TempDir
  static Path folder;

  private static Bench bench;

  private Place real;
  private Path forced;
  private Disk disk;

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    bench = Bench.start(TestPostgres.newest(), folder);
  }

  @AfterAll
  static void stopServer() {
    bench.close();
  }

  @Test
  void keepsEveryAcknowledgedCommitAtAnyMoment() throws IOException {
    long seed = Long.getLong("seed", SEED);
    SplittableRandom random = new SplittableRandom(seed);
    int[] lost = new int[2];
    receive(DiskFault.NONE, load -> {
      for (int moment = 0; moment < MOMENTS; moment++) {
        load.awaitMore(random.nextInt(1, 30));
        if (random.nextInt(3) == 0) {
          bench.switchSegment();
        }
        List<Long> acknowledged = load.transactions();
        lost[0] += Load.lost(image(), acknowledged);
        lost[1] += Load.lost(image(random.nextLong()), acknowledged);
      }
    });
    assertThat(lost).as("seed %d", seed).containsExactly(0, 0);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({"FORCE_FILE, spool/.*[.]partial", "FORCE_DIRECTORY, spool"})
  void wouldFindAForceThatIsMissingBeforeTheAcknowledge(DiskCall call, String pattern)
      throws IOException {
    int[] lost = new int[1];
    receive(DiskFault.every(call, pattern, Reaction.PRETEND), load -> {
      load.awaitMore(20);
      lost[0] = load.lost(image());
    });
    assertThat(lost[0]).as("acknowledged and lost").isPositive();
  }

  @Test
  void keepsABackupThatIsListed() throws IOException {
    assertThat(Soundness.assertListedBackupsAreGood(backUp(DiskFault.NONE), bench.digests()))
        .isEqualTo(3);
  }

  @ParameterizedTest(name = "{0} of {1}")
  @CsvSource({
    "FORCE_FILE, repository/main/packs/.*",
    "FORCE_DIRECTORY, repository/main/packs/.*",
    "FORCE_FILE, repository/main/manifests/.*",
    "FORCE_DIRECTORY, repository/main/manifests",
    "FORCE_FILE, repository/main/wal/0.*",
    "FORCE_DIRECTORY, repository/main/wal/0.*"
  })
  void wouldFindACatalogEntryThatIsNotLast(DiskCall call, String pattern) throws IOException {
    Place left = backUp(DiskFault.every(call, pattern, Reaction.PRETEND));
    assertThat(Soundness.listed(left)).hasSize(3);
    assertThatThrownBy(() -> Soundness.assertListedBackupsAreGood(left, bench.digests()))
        .isNotNull();
  }

  @Test
  void reportsABackupThatExistsAlsoWhenItsMarkCannotBeRemoved() throws IOException {
    String mark = "repository/main/unfinished/[^.]*";
    Place left = backUp(DiskFault.every(DiskCall.DELETE, mark, Reaction.IO_ERROR));
    assertThat(Soundness.listed(left)).hasSize(3);
    assertThat(Place.files(left.serversPart().resolve("unfinished"))).hasSize(1);
    bench.engine(left).backup(BackupRequest.defaults());
    assertThat(Soundness.assertListedBackupsAreGood(left, bench.digests())).isEqualTo(4);
    Soundness.assertClean(left);
  }

  private interface Watching {
    void watch(Load load) throws IOException;
  }

  private void receive(DiskFault fault, Watching watching) throws IOException {
    openDisk(Operation.RECEIVE);
    disk.fault(fault);
    try (Load load = bench.startLoad();
        RunningReceiver receiver = bench
            .engine(real.at(disk.root()))
            .startReceiver(new ReceiveRequest(Bench.SLOT, true, false))) {
      load.awaitMore(1);
      watching.watch(load);
      load.stop();
      assertThat(receiver.isRunning()).isTrue();
    }
  }

  private Place backUp(DiskFault fault) throws IOException {
    openDisk(Operation.BACKUP);
    disk.fault(fault);
    Operation.BACKUP.run(real.at(disk.root()), bench.connection(), event -> {}, () -> false);
    return image();
  }

  private void openDisk(Operation operation) throws IOException {
    real = bench.placeFor(operation);
    forced = Files.createTempDirectory(folder, "forced").resolve("content");
    disk = Disk.of(real.root(), forced);
  }

  private Place image() throws IOException {
    Place place = bench.newPlace();
    disk.image(place.root());
    return place;
  }

  private Place image(long seed) throws IOException {
    Place place = bench.newPlace();
    disk.image(place.root(), seed);
    return place;
  }
}
