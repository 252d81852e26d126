package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A recovery in the middle of which somebody deletes a backup. That is refused, or it does no harm, which the comparison of what was restored
 * shows.
 */
final class DeletionMeanwhile {
  private final BackupId backup;
  private final AtomicReference<Refusal> deletion = new AtomicReference<>();

  private DeletionMeanwhile(BackupId backup) {
    this.backup = backup;
  }

  /** A recovery to some place, that judges itself with what more was observed. */
  interface Restoring {
    ScenarioResult to(Recovery.Place place, Optional<DeletionMeanwhile> deletion);
  }

  /**
   * Recovers, held in the middle of its files for the deletion that the backup host was told of, if it was.
   *
   * @param name of the recovery
   */
  static ScenarioResult during(
      Stage stage, String name, Recovery.Place usual, Restoring restoring) {
    BackupHost host = stage.host();
    Optional<BackupId> doomed = host.takeDoomed();
    if (doomed.isEmpty()) {
      return restoring.to(usual, Optional.empty());
    }
    DeletionMeanwhile meanwhile = new DeletionMeanwhile(doomed.get());
    try (HeldCopy copy =
        HeldCopy.in(stage.newFolder("held-" + name), stage.path("forced-" + name))) {
      return copy.during(() -> restoring.to(copy.place(), Optional.of(meanwhile)), () -> {
        if (copy.holds()) {
          meanwhile.deletion.set(Refusal.of(() -> host.delete(meanwhile.backup)));
        }
      });
    }
  }

  /** What came of it. */
  Observation observed() {
    Refusal attempt = deletion.get();
    if (attempt == null) {
      return new Observation(
          List.of(),
          List.of(),
          List.of("the restore was over before anybody could delete " + backup));
    }
    boolean fine = attempt.said() == null || attempt.said().code() == ErrorCode.REPOSITORY_LOCKED;
    return new Observation(
        List.of(new Check(
            "deletion-meanwhile",
            fine,
            backup + " in the middle of the restore: "
                + (attempt.said() == null
                    ? "deleted"
                    : "not deleted, " + attempt.said().getMessage()))),
        List.of(attempt.figure("deletionMillis")),
        List.of());
  }
}
