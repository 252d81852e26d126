package io.github.barman4j.repository;

import java.time.Instant;

/**
 * A file in a backup.
 *
 * @param path relative; for configuration, the name it was stored under
 * @param mode permission bits, for example 0600
 * @param size bytes
 */
public record FileEntry(
    String path, int mode, Instant modified, long size, FileKind kind, BlockMapRoot blocks)
    implements ManifestEntry {
  public FileEntry {
    EntryPath.check(path);
  }
}
