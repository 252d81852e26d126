package io.github.barman4j.it.crash;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.it.crash.DiskTrials.Harm;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The disk loses its power, fails or is full at a call. The build takes a sample of the calls; {@code -Dbarman.crash=all} takes all: each
 * kind of call on each kind of file the first, the middle and the last time. {@code -Dbarman.crash.harms=IO_ERROR} does one kind of harm
 * alone, {@code -Dbarman.crash.call="FORCE 3 spool"} only what is done at calls whose names have that.
 */
class DiskPointsIT {
  /** Every build takes the same sample; {@code -Dseed} takes another. */
  private static final long SEED = 1;

  private static final boolean ALL = "all".equals(System.getProperty("barman.crash"));
  private static final int ONE_CALL_IN = 48;
  private static final Set<Harm> HARMS = harms(System.getProperty("barman.crash.harms"));

  private static final String CALL = System.getProperty("barman.crash.call", "");

  @TempDir
  Path folder;

  @Test
  void leavesNothingWrongWhateverTheDiskDoesAtAnyCall() throws Exception {
    long seed = Long.getLong("seed", SEED);
    try (Bench bench = Bench.start(TestPostgres.newest(), folder)) {
      DiskTrials trials = new DiskTrials(bench);
      Map<Operation, List<Step>> calls = new EnumMap<>(Operation.class);
      for (Operation operation : Operation.values()) {
        calls.put(operation, trials.record(operation));
        assertThat(calls.get(operation)).as("calls of %s", operation).hasSizeGreaterThan(20);
      }
      AssertionError wrong = new AssertionError("something was wrong");
      for (Harm harm : HARMS) {
        Outcomes outcomes = new Outcomes(harm + " at calls to the disk, seed " + seed);
        for (Operation operation : Operation.values()) {
          List<Step> recorded = calls.get(operation);
          List<Step> chosen = (ALL
                  ? Step.chosen(recorded)
                  : Step.everyNth(Step.first(recorded), ONE_CALL_IN, seed + harm.ordinal()))
              .stream()
                  .filter(harm::concerns)
                  .filter(step -> (operation + " at " + step).contains(CALL))
                  .toList();
          for (Step step : chosen) {
            outcomes.add(trials.harm(operation, step, harm, seed));
          }
        }
        try {
          outcomes.report();
        } catch (AssertionError e) {
          wrong.addSuppressed(e);
        }
      }
      if (wrong.getSuppressed().length > 0) {
        throw wrong;
      }
    }
  }

  private static Set<Harm> harms(@Nullable String names) {
    return names == null
        ? EnumSet.allOf(Harm.class)
        : Arrays.stream(names.split(","))
            .map(Harm::valueOf)
            .collect(toCollection(() -> EnumSet.noneOf(Harm.class)));
  }
}
