package io.github.barman4j.verify;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The outcome of a verification.
 *
 * @param backups those that were asked for, oldest first
 * @param wal the log
 * @param others findings in backups that were not asked for: they refer to damaged blocks, too
 * @param notMarked why the outcome could not be noted beside a backup; empty when it was, or was not to be
 */
public record VerifyReport(
    String server,
    List<VerifiedBackup> backups,
    VerifiedWal wal,
    List<Finding> others,
    List<String> notMarked,
    Duration took) {
  public VerifyReport {
    backups = List.copyOf(backups);
    others = List.copyOf(others);
    notMarked = List.copyOf(notMarked);
  }

  /** Everything that was found. */
  public List<Finding> findings() {
    return Stream.of(
            backups.stream().flatMap(backup -> backup.findings().stream()),
            wal.findings().stream(),
            others.stream())
        .flatMap(found -> found)
        .toList();
  }

  /** Whether nothing at all was found. */
  public boolean passed() {
    return findings().isEmpty();
  }
}
