package io.github.barman4j.health;

import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.DamagedEntry;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.WalCoverage;
import java.util.List;
import java.util.Optional;

/**
 * What a repository has of one server.
 *
 * @param backups oldest first
 * @param damaged backups whose catalog entries cannot be read
 * @param coverage the archived segments
 * @param gaps between archived segments of one timeline
 * @param quarantined segments that came twice with other bytes
 * @param receiver who receives its log now
 * @param backupRunning who takes a backup now
 */
public record ArchiveStatus(
    SystemIdentifier systemIdentifier,
    List<Backup> backups,
    List<DamagedEntry> damaged,
    WalCoverage coverage,
    List<WalCoverage.Range> gaps,
    int quarantined,
    Optional<String> receiver,
    Optional<String> backupRunning) {
  public ArchiveStatus {
    backups = List.copyOf(backups);
    damaged = List.copyOf(damaged);
    gaps = List.copyOf(gaps);
  }

  public long segments() {
    return coverage.ranges().stream().mapToLong(WalCoverage.Range::count).sum();
  }

  /** The last segment of the youngest timeline; empty while the archive has none. */
  public Optional<WalSegment> latest() {
    List<WalCoverage.Range> ranges = coverage.ranges();
    return ranges.isEmpty()
        ? Optional.empty()
        : Optional.of(ranges.get(ranges.size() - 1).last());
  }
}
