package io.github.barman4j.restore;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.Timeline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What a restore did.
 *
 * @param directory the data directory, ready to be started on
 * @param target what recovery will stop at, in words
 * @param base the data directory and tablespaces; bytes as they are in the database, count of files
 * @param wal what recovery will read; bytes and count of segments; it may overlap with {@code base}
 * @param total from the first check to the last fsync; deciding the plan is not in it
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
    List<String> changes,
    List<String> nextSteps) {

  /** A part of the work. */
  public record Phase(Duration took, long bytes, long count) {}

  public RestoreResult {
    changes = List.copyOf(changes);
    nextSteps = List.copyOf(nextSteps);
  }
}
