package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Instant;

/**
 * A file that is to be stored.
 *
 * @param path relative to the data directory
 * @param mode permission bits, for example 0600
 * @param size bytes; the content has exactly so many
 */
public record FileInfo(String path, int mode, Instant modified, long size) {
  public FileInfo {
    EntryPath.check(path);
    if (size < 0) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "file '" + path + "' cannot have " + size + " bytes",
          "sizes are 0 or more");
    }
  }
}
