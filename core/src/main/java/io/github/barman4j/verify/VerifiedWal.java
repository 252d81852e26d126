package io.github.barman4j.verify;

import java.util.List;
import java.util.Optional;

/**
 * What was read of the log, from the oldest of the verified backups on.
 *
 * @param segments how many were read to their last byte
 * @param first the first of them in order of timeline and number
 * @param last the last of them
 * @param knownGaps log that was never received, as was written down when it was noticed: nothing that was stored is missing, and no moment
 *     inside can be recovered
 * @param findings missing and damaged segments and histories
 */
public record VerifiedWal(
    long segments,
    Optional<String> first,
    Optional<String> last,
    List<String> knownGaps,
    List<Finding> findings) {
  public VerifiedWal {
    knownGaps = List.copyOf(knownGaps);
    findings = List.copyOf(findings);
  }

  public boolean passed() {
    return findings.isEmpty();
  }
}
