package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Kills operations that run in a process of their own. */
final class KillTrials {
  /** So many times the segment is switched under a receiver before it is stopped: in a recording, and to come to a step. */
  private static final int SWITCHES = 6;

  private static final int SWITCHES_AT_MOST = 20;

  /** The thread that has come to the step stands still, and whoever should wait for it has time to show that it does not. */
  private static final long OTHERS_GO_ON_MILLIS = 400;

  private static final long BETWEEN_SWITCHES_MILLIS = 150;

  private final Bench bench;
  private final Aftermath aftermath;

  KillTrials(Bench bench) {
    this.bench = bench;
    this.aftermath = new Aftermath(bench);
  }

  /** When a process is killed. */
  private interface Moment {
    /** @return whether the moment has come; false: the process had ended before */
    boolean await(OperationProcess process, @Nullable Load load)
        throws InterruptedException, IOException;
  }

  /** All durable steps of an operation that is not disturbed, in order, and how long it took. */
  Recording record(Operation operation) throws IOException, InterruptedException {
    Place place = bench.placeFor(operation);
    Path file = place.root().resolve("steps");
    long[] nanos = new long[1];
    Outcome outcome = crash(
        operation,
        place,
        "no crash",
        Map.of(StepObserver.RECORD, file.toString()),
        (process, load) -> {
          process.awaitBegun();
          long begin = System.nanoTime();
          pump(operation, process, load, SWITCHES);
          assertThat(process.awaitExit()).as(process.output()).isZero();
          assertThat(process.isDone()).as(process.output()).isTrue();
          nanos[0] = System.nanoTime() - begin;
          return false;
        });
    Throwable failure = outcome.failure();
    if (failure != null) {
      throw new AssertionError(operation + " without a crash", failure);
    }
    List<Step> steps = Files.readAllLines(file).stream().map(Step::parse).toList();
    Aftermath.delete(place.root());
    return new Recording(steps, Duration.ofNanos(nanos[0]));
  }

  /** What an undisturbed run was like. */
  record Recording(List<Step> steps, Duration took) {}

  /** Kills it just before a step, while that is the only one of its threads that stands still. */
  Outcome killAt(Operation operation, Step step) throws IOException, InterruptedException {
    Place place = bench.placeFor(operation);
    Outcome outcome = crash(
        operation,
        place,
        "SIGKILL in " + operation + " at " + step,
        Map.of(StepObserver.STOP_AT, step.toString()),
        (process, load) -> {
          pump(operation, process, load, SWITCHES_AT_MOST);
          if (process.hasReached()) {
            process.letOthersGoOn(OTHERS_GO_ON_MILLIS);
          } else {
            process.awaitExit();
          }
          return process.hasReached();
        });
    Aftermath.delete(place.root());
    return outcome;
  }

  /** Kills it some time after it has begun. */
  Outcome killAfter(Operation operation, Duration delay, String what)
      throws IOException, InterruptedException {
    Place place = bench.placeFor(operation);
    Outcome outcome = crash(operation, place, what, Map.of(), (process, load) -> {
      process.awaitBegun();
      long end = System.nanoTime() + delay.toNanos();
      boolean over = false;
      for (long left = delay.toMillis(); left > 0 && !over; ) {
        over = process.awaitStoppedOrOver(Math.min(left, BETWEEN_SWITCHES_MILLIS));
        if (operation == Operation.RECEIVE && !over) {
          bench.switchSegment();
        }
        left = (end - System.nanoTime()) / 1_000_000;
      }
      return !over;
    });
    Aftermath.delete(place.root());
    return outcome;
  }

  private Outcome crash(
      Operation operation, Place place, String what, Map<String, String> properties, Moment moment)
      throws InterruptedException {
    @Nullable Load load = operation == Operation.RECEIVE ? bench.startLoad() : null;
    try (load;
        OperationProcess process =
            OperationProcess.start(operation, place, bench.connection(), properties)) {
      boolean reached = moment.await(process, load);
      process.kill();
      return aftermath.check(what, operation, place, process.isDone(), reached, load);
    } catch (IOException | RuntimeException | AssertionError e) {
      return Outcome.failed(what, e);
    }
  }

  /** Lets a receiver complete some segments, and waits for the step or the end. */
  private void pump(
      Operation operation, OperationProcess process, @Nullable Load load, int switches)
      throws InterruptedException, IOException {
    if (operation == Operation.RECEIVE) {
      process.awaitBegun();
      for (int i = 0; i < switches && !process.awaitStoppedOrOver(BETWEEN_SWITCHES_MILLIS); ) {
        // Before it streams there is nothing to complete.
        if (load != null && load.acknowledged() > 0) {
          bench.switchSegment();
          i++;
        }
      }
      if (!process.awaitStoppedOrOver(BETWEEN_SWITCHES_MILLIS)) {
        process.stop();
      }
    }
    if (!process.awaitStoppedOrOver(120_000)) {
      throw new AssertionError("neither stopped nor over: " + process.output());
    }
  }
}
