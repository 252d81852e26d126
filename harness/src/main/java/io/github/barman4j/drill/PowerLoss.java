package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.Poll;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.DiskFault;
import io.github.barman4j.fault.DiskFault.Reaction;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * S33: the backup host, whose receiver is synchronous, loses its power before a call to its disk that the seed chooses, and the primary
 * dies too. Another host goes on with what was forced: once with nothing else, once with a part of the rest, as real disks keep it.
 */
final class PowerLoss implements Scenario {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int MOST_CALLS = 500;

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S33",
          "power-loss-synchronous",
          1,
          true,
          "the backup host loses its power and with it all that was not forced to its disk, and the primary dies: no acknowledged commit is lost")
      .breaking(
          "the backup host, its receiver synchronous, loses its power before a call to its disk "
              + "that the seed chooses, and with it what was not forced, bytes and names; then the "
              + "primary is killed and deleted")
      .expecting("there was something that was not forced", "power")
      .expecting(
          "no acknowledged commit is lost with what was forced alone, and none with a part of the "
              + "rest, by sectors")
      .measuring(Measures.NOTHING_LOST, Measures.FROM_FAULT);

  private final DiskFault lies;

  PowerLoss() {
    this(DiskFault.NONE);
  }

  /** @param lies what the disk does to an engine that is broken on purpose */
  PowerLoss(DiskFault lies) {
    this.lies = lies;
  }

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    SplittableRandom random = new SplittableRandom(request.seed());
    try (Stage stage = Stage.openOnDisk(request, sink, Primary.Settings.NONE)) {
      stage.disk().fault(lies);
      AtomicReference<Disk.Unforced> taken = new AtomicReference<>();
      int call = random.nextInt(1, MOST_CALLS);
      KilledPrimary killed = KilledPrimary.of(
          stage, true, () -> taken.set(losePower(stage, call)), new Fault.KillServer());
      Check power = power(taken.get(), call);
      Path nothing = stage.path("nothing-else");
      Path some = stage.path("some-of-the-rest");
      stage.disk().image(nothing);
      stage.disk().image(some, random.nextLong());
      return List.of(
          recover(stage, killed, nothing, "only-forced", killed.faultNanos(), power),
          recover(stage, killed, some, "some-of-the-rest", System.nanoTime(), power));
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "what the disk has kept could not be written down",
          "see the cause",
          e);
    }
  }

  private static ScenarioResult recover(
      Stage stage, KilledPrimary killed, Path left, String variant, long startNanos, Check power) {
    stage.moveHost(left);
    return killed.recover(
        INFO,
        Optional.of(variant),
        stage.request().limits().of(INFO),
        startNanos,
        Sabotage.NONE,
        validation -> List.of(power));
  }

  /** Before the n-th call from now on, or the first after it at which there is something to lose. */
  private Disk.Unforced losePower(Stage stage, int call) {
    Disk disk = stage.disk();
    AtomicInteger calls = new AtomicInteger();
    AtomicReference<Disk.Unforced> taken = new AtomicReference<>(new Disk.Unforced(0, 0));
    stage.host().serverBroken();
    disk.fault((kind, path) -> {
      if (calls.incrementAndGet() < call || disk.unforced().isNothing()) {
        return lies.before(kind, path);
      }
      taken.set(disk.unforced());
      return Reaction.LOSE_POWER;
    });
    if (!Poll.until(Duration.ofMillis(1), PATIENCE, disk::isOff)) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the backup host has not used its disk " + call + " times within " + PATIENCE.toSeconds()
              + " s",
          "commits wait for its receiver; does the load run?");
    }
    return taken.get();
  }

  static Check power(Disk.Unforced taken, int call) {
    return new Check(
        "power",
        !taken.isNothing(),
        "lost before the disk's call " + call + " or soon after; " + taken.bytes() + " bytes and "
            + taken.names() + " names were not forced");
  }
}
