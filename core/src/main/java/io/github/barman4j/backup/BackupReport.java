package io.github.barman4j.backup;

import io.github.barman4j.catalog.Backup;
import java.time.Duration;
import java.util.List;

/**
 * A backup that is in the catalog, and where its time went.
 *
 * @param phases in their order, on the monotonic clock; they sum to the whole time
 */
public record BackupReport(Backup backup, List<Phase> phases) {
  public BackupReport {
    phases = List.copyOf(phases);
  }

  /** One phase of the work. */
  public record Phase(String name, Duration took) {}

  public Duration took() {
    return phases.stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
  }
}
