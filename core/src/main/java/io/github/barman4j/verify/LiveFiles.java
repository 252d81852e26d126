package io.github.barman4j.verify;

import java.util.Optional;

/** The files of a data directory somewhere else, as they are now. Used by one thread. */
@FunctionalInterface
public interface LiveFiles {
  /** Nowhere. */
  LiveFiles NONE = (path, offset, length) -> Optional.empty();

  /**
   * A part of a file, perhaps cut short at its end; empty when there is no such file.
   *
   * @param path relative to the data directory
   */
  Optional<byte[]> read(String path, long offset, int length);
}
