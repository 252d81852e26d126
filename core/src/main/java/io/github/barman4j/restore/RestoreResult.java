package io.github.barman4j.restore;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a restore did.
 *
 * @param directory the data directory, ready to be started on
 * @param target what recovery will stop at, in words
 * @param base the data directory and tablespaces; bytes as they are in the database, count of files
 * @param wal what recovery will read; bytes and count of segments; it may overlap with {@code base}
 * @param total from the first check to the last fsync; deciding the plan is not in it
 * @param delta what became of the files that were there; empty when the directory was empty
 * @param fallbacks which backups turned out to be damaged and what was taken instead, a sentence each; empty as a rule
 * @param changes what was changed in the configuration, a sentence each
 * @param nextSteps what to do now, in order
 */
public record RestoreResult(
    BackupId backup,
    Timeline timeline,
    Path directory,
    String target,
    Phase base,
    Phase wal,
    Duration total,
    Optional<Delta> delta,
    List<String> fallbacks,
    List<String> changes,
    List<String> nextSteps) {

  /** A part of the work. */
  public record Phase(Duration took, long bytes, long count) {}

  /**
   * What was done to the files that were there.
   *
   * @param resumed whether they were those of an unfinished restore
   * @param blocksKept blocks that were what the backup has
   * @param blocksWritten blocks that were not, or not there
   * @param removed files, links and directories that the backup does not have
   */
  public record Delta(boolean resumed, long blocksKept, long blocksWritten, long removed) {}

  public RestoreResult {
    fallbacks = List.copyOf(fallbacks);
    changes = List.copyOf(changes);
    nextSteps = List.copyOf(nextSteps);
  }
}
