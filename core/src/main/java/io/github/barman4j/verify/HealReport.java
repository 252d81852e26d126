package io.github.barman4j.verify;

import java.util.List;

/**
 * What was healed.
 *
 * @param fromBackups blocks that another backup had in another place
 * @param fromServer blocks that the server had with the same bytes
 * @param lost what could not be had again
 * @param verification of the backup afterwards
 */
public record HealReport(
    long fromBackups, long fromServer, List<Finding> lost, VerifyReport verification) {
  public HealReport {
    lost = List.copyOf(lost);
  }

  /** Whether the backup is whole now. */
  public boolean passed() {
    return verification.backups().stream().allMatch(VerifiedBackup::passed);
  }
}
