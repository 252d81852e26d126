package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.barman4j.BarmanException;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.DiskCall;
import io.github.barman4j.fault.DiskFault;
import io.github.barman4j.postgres.WalSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Runs operations of this process on a disk that does them harm. */
final class DiskTrials {
  private static final int SWITCHES = 6;
  private static final int SWITCHES_AT_MOST = 20;
  private static final int SWITCHES_IN_HARM = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int COMMITS_AFTER_HARM = 10;
  private static final long BETWEEN_SWITCHES_MILLIS = 150;

  /** What the disk does. */
  enum Harm {
    /** Everything that was not forced is gone, and, in a second look, a part of it by chance. */
    POWER_LOSS,
    /** One call fails. */
    IO_ERROR,
    /** From that call on nothing can be added, for some time. */
    FULL_DISK;

    boolean concerns(Step step) {
      return this != FULL_DISK || DiskCall.valueOf(step.call()).needsSpace();
    }

    private DiskFault.Reaction reaction() {
      return switch (this) {
        case POWER_LOSS -> DiskFault.Reaction.LOSE_POWER;
        case IO_ERROR -> DiskFault.Reaction.IO_ERROR;
        case FULL_DISK -> DiskFault.Reaction.NO_SPACE;
      };
    }
  }

  private final Bench bench;
  private final Aftermath aftermath;

  DiskTrials(Bench bench) {
    this.bench = bench;
    this.aftermath = new Aftermath(bench);
  }

  /** All calls to the disk of an operation that is not disturbed, in order. */
  List<Step> record(Operation operation) throws IOException, InterruptedException {
    List<Step> steps = new ArrayList<>();
    Step.Counter counter = new Step.Counter();
    try (Trial trial = new Trial(operation)) {
      trial.disk.fault((call, path) -> {
        synchronized (steps) {
          steps.add(counter.next(call.name(), Step.kindOf(path)));
        }
        return DiskFault.Reaction.PROCEED;
      });
      trial.start();
      trial.pump(SWITCHES, () -> false);
      trial.end();
      trial.disk.fault(DiskFault.NONE);
      assertThat(trial.isDone())
          .as("%s without harm: %s", operation, trial.failure)
          .isTrue();
      trial.look("no harm", trial.place);
    }
    return steps;
  }

  /** Does harm just before a call. */
  Outcome harm(Operation operation, Step step, Harm harm, long seed) {
    String what = harm + " in " + operation + " at " + step;
    try (Trial trial = new Trial(operation)) {
      Harming harming = new Harming(step, harm);
      trial.disk.fault(harming);
      trial.start();
      trial.pump(SWITCHES_AT_MOST, harming::isDone);
      if (harm == Harm.POWER_LOSS && !trial.disk.isOff()) {
        // Some calls come only when it stops.
        trial.end();
      }
      return trial.disk.isOff()
          ? trial.afterPowerLoss(what, seed)
          : trial.afterError(what, harming);
    } catch (IOException | RuntimeException | AssertionError | InterruptedException e) {
      return Outcome.failed(what, e);
    }
  }

  /** Counts the calls until its own comes. */
  private static final class Harming implements DiskFault {
    private final Step step;
    private final Harm harm;
    private final Step.Counter counter = new Step.Counter();
    private volatile boolean done;

    Harming(Step step, Harm harm) {
      this.step = step;
      this.harm = harm;
    }

    boolean isDone() {
      return done;
    }

    @Override
    public synchronized Reaction before(DiskCall call, String path) {
      if (done) {
        return harm == Harm.FULL_DISK && call.needsSpace() ? Reaction.NO_SPACE : Reaction.PROCEED;
      }
      done = counter.next(call.name(), Step.kindOf(path)).equals(step);
      return done ? harm.reaction() : Reaction.PROCEED;
    }
  }

  /** One run of an operation on a disk of its own. */
  private final class Trial implements AutoCloseable {
    private final Operation operation;
    private final Place real;
    private final Path forced;
    private final Disk disk;
    private final Place place;
    private final @Nullable Load load;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Thread thread;
    private volatile @Nullable Throwable failure;
    private volatile boolean done;

    Trial(Operation operation) throws IOException {
      this.operation = operation;
      this.real = bench.placeFor(operation);
      this.forced = real.root().resolveSibling(real.root().getFileName() + "-forced");
      this.disk = Disk.of(real.root(), forced);
      this.place = real.at(disk.root());
      this.thread = new Thread(this::run, "operation");
      this.load = operation == Operation.RECEIVE ? bench.startLoad() : null;
      thread.setDaemon(true);
    }

    void start() {
      thread.start();
    }

    @SuppressWarnings("CatchingUnchecked")
    private void run() {
      try {
        operation.run(place, bench.connection(), event -> {}, stopped::get);
        done = true;
      } catch (RuntimeException | Error e) {
        failure = e;
      }
    }

    boolean isDone() {
      return done;
    }

    /** Lets a receiver complete segments until enough of them are, or something has happened; waits for the others. */
    void pump(int switches, java.util.function.BooleanSupplier happened)
        throws InterruptedException {
      if (operation != Operation.RECEIVE) {
        while (thread.isAlive() && !disk.isOff()) {
          thread.join(20);
        }
        return;
      }
      Load clients = load;
      for (int i = 0; i < switches && thread.isAlive() && !happened.getAsBoolean(); ) {
        thread.join(BETWEEN_SWITCHES_MILLIS);
        // Before it streams there is nothing to complete.
        if (clients != null && clients.acknowledged() > 0) {
          bench.switchSegment();
          i++;
        }
      }
    }

    /** Tells it to stop, and waits. */
    void end() throws InterruptedException {
      stopped.set(true);
      thread.join(120_000);
      assertThat(thread.isAlive()).as("%s ends", operation).isFalse();
    }

    Outcome afterError(String what, Harming harming) throws IOException, InterruptedException {
      Load clients = load;
      if (clients != null && harming.isDone()) {
        int commits = clients.acknowledged();
        for (int i = 0; i < SWITCHES_IN_HARM; i++) {
          thread.join(BETWEEN_SWITCHES_MILLIS);
          bench.switchSegment();
        }
        disk.fault(DiskFault.NONE);
        // It goes on by itself, unless it had not begun yet.
        await()
            .atMost(PATIENCE)
            .until(
                () -> !thread.isAlive() || clients.acknowledged() >= commits + COMMITS_AFTER_HARM);
        awaitArchived();
      }
      end();
      disk.fault(DiskFault.NONE);
      Throwable thrown = failure;
      if (thrown != null) {
        assertThat(thrown).as(what).isInstanceOf(BarmanException.class);
      }
      return look(what, place, harming.isDone());
    }

    /** Every segment that is whole leaves the spool, although the receiver is the one that met the harm. */
    private void awaitArchived() {
      await("whole segments leave the spool")
          .atMost(PATIENCE)
          .until(() -> !thread.isAlive()
              || Place.files(place.spool()).stream()
                  .noneMatch(
                      file -> WalSegment.isName(Path.of(file).getFileName().toString())));
    }

    Outcome afterPowerLoss(String what, long seed) throws IOException, InterruptedException {
      stopped.set(true);
      thread.interrupt();
      Place all = bench.newPlace();
      Place some = bench.newPlace();
      try {
        disk.image(all.root());
        disk.image(some.root(), seed);
        if (load != null) {
          assertThat(load.lost(some)).as("lost when some of the rest survives").isZero();
          Soundness.assertListedBackupsAreGood(some, java.util.Map.of());
        } else {
          look(what + ", some of the rest survives", some);
        }
        return look(what, all);
      } finally {
        Aftermath.delete(all.root());
        Aftermath.delete(some.root());
      }
    }

    Outcome look(String what, Place where) throws IOException {
      return look(what, where, true);
    }

    private Outcome look(String what, Place where, boolean reached) throws IOException {
      return aftermath.check(what, operation, where, done, reached, load);
    }

    @Override
    public void close() {
      stopped.set(true);
      disk.losePower();
      thread.interrupt();
      if (load != null) {
        load.close();
      }
      Aftermath.delete(real.root());
      Aftermath.delete(forced);
      assertThat(Files.exists(forced)).isFalse();
    }
  }
}
