package io.github.barman4j.engine;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that belongs to a backup.
 *
 * @param path relative to the data directory; of configuration the name it is stored under; of WAL the segment's name
 * @param bytes 0 for a directory and a link
 * @param mode permission bits; 0 for a link and for WAL
 * @param modified on the server; empty for what has no time
 * @param linkTarget where a tablespace lay on the server; empty for all else
 */
public record ListedFile(
    Kind kind, String path, long bytes, int mode, Optional<Instant> modified, String linkTarget) {

  /** What it is. */
  public enum Kind {
    FILE,
    DIRECTORY,
    LINK,
    CONFIGURATION,
    WAL
  }
}
