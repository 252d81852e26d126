package io.github.barman4j.it.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL. The build takes a sample of the steps and moments; {@code -Dbarman.crash=all} takes all: each kind of step on each kind of
 * file the first, the middle and the last time, and 200 moments.
 */
class KillPointsIT {
  /** Every build takes the same sample; {@code -Dseed} takes another. */
  private static final long SEED = 1;

  private static final boolean ALL = "all".equals(System.getProperty("barman.crash"));
  private static final int ONE_STEP_IN = 10;
  private static final int MOMENTS = ALL ? 200 : 8;

  @TempDir
  Path folder;

  @Test
  void leavesNothingWrongAtAnyDurableStep() throws Exception {
    long seed = Long.getLong("seed", SEED);
    Outcomes outcomes = new Outcomes("SIGKILL at durable steps, seed " + seed);
    try (Bench bench = Bench.start(TestPostgres.newest(), folder)) {
      KillTrials trials = new KillTrials(bench);
      for (Operation operation : Operation.values()) {
        List<Step> recorded = trials.record(operation).steps();
        assertThat(recorded).as("durable steps of %s", operation).hasSizeGreaterThan(20);
        List<Step> chosen =
            ALL ? Step.chosen(recorded) : Step.everyNth(Step.first(recorded), ONE_STEP_IN, seed);
        for (Step step : chosen) {
          outcomes.add(trials.killAt(operation, step));
        }
      }
    }
    outcomes.report();
  }

  @Test
  void leavesNothingWrongAtRandomMoments() throws Exception {
    long seed = Long.getLong("seed", SEED);
    int[] majors = TestPostgres.majors().toArray();
    Outcomes outcomes =
        new Outcomes("SIGKILL at random moments, " + majors.length + " versions, seed " + seed);
    Map<Operation, Duration> took = new EnumMap<>(Operation.class);
    for (int i = 0; i < majors.length; i++) {
      Path place = Files.createDirectory(folder.resolve("major-" + majors[i]));
      crashAtRandom(
          majors[i],
          place,
          new SplittableRandom(seed + i),
          MOMENTS / majors.length,
          took,
          outcomes);
    }
    outcomes.report();
  }

  private static void crashAtRandom(
      int major,
      Path place,
      SplittableRandom random,
      int moments,
      Map<Operation, Duration> took,
      Outcomes outcomes)
      throws IOException, SQLException, InterruptedException {
    try (Bench bench = Bench.start(TestPostgres.major(major), place)) {
      KillTrials trials = new KillTrials(bench);
      Operation[] operations = Operation.values();
      for (int i = 0; i < moments; i++) {
        Operation operation = operations[random.nextInt(operations.length)];
        if (!took.containsKey(operation)) {
          took.put(operation, trials.record(operation).took());
        }
        Duration delay = Duration.ofNanos(random.nextLong(took.get(operation).toNanos()));
        outcomes.add(trials.killAfter(
            operation,
            delay,
            "SIGKILL in " + operation + " of PostgreSQL " + major + " after " + delay.toMillis()
                + " ms"));
      }
    }
  }
}
