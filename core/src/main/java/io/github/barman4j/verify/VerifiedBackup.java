package io.github.barman4j.verify;

import java.util.List;

/**
 * What was read of one backup, and what was found.
 *
 * @param blocks of all files, zero blocks and those that were verified with another backup included
 * @param bytes plain, of all files
 * @param pages that were judged; 0 where no relation file is
 * @param findings what is damaged; empty for a backup that can be restored to the last byte
 */
public record VerifiedBackup(
    String id, long files, long blocks, long bytes, long pages, List<Finding> findings) {
  public VerifiedBackup {
    findings = List.copyOf(findings);
  }

  public boolean passed() {
    return findings.isEmpty();
  }
}
