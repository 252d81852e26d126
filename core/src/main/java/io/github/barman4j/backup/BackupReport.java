package io.github.barman4j.backup;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.DamagedFile;
import java.time.Duration;
import java.util.List;

/**
 * A backup that is in the catalog, and where its time went.
 *
 * @param damaged what is damaged on the server's disk and so in the backup; the catalog has it marked. Empty for a good backup
 * @param phases in their order, on the monotonic clock; they sum to the whole time
 */
public record BackupReport(Backup backup, List<DamagedFile> damaged, List<Phase> phases) {
  public BackupReport {
    damaged = List.copyOf(damaged);
    phases = List.copyOf(phases);
  }

  /** One phase of the work. */
  public record Phase(String name, Duration took) {}

  public Duration took() {
    return phases.stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
  }
}
