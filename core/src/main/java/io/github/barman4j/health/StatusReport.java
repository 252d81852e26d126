package io.github.barman4j.health;

import io.github.barman4j.BarmanException;
import java.util.Optional;

/**
 * What is known of a server and of its archive. What could not be looked at is there with the reason, never left out.
 *
 * @param live empty when no server was named, or it could not be asked
 * @param liveProblem why it could not be asked
 * @param archive empty when there is no repository that can be read
 * @param archiveProblem why it could not be read
 */
public record StatusReport(
    String server,
    Optional<LiveStatus> live,
    Optional<BarmanException> liveProblem,
    Optional<ArchiveStatus> archive,
    Optional<BarmanException> archiveProblem) {

  /** Whether server and archive are of one cluster; true while that cannot be told. */
  public boolean sameSystem() {
    return live.isEmpty()
        || archive.isEmpty()
        || live.get().systemIdentifier().equals(archive.get().systemIdentifier());
  }

  /** Bytes that the server has written and the archive does not have; empty where that cannot be told. */
  public Optional<Long> archiveLagBytes() {
    return live.flatMap(now -> archive
        .filter(stored -> sameSystem())
        .flatMap(stored -> stored.latest())
        .map(last -> Math.max(0, now.position().minus(last.end()))));
  }
}
