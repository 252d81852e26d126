package io.github.barman4j.repository;

/**
 * A directory in a backup.
 *
 * @param mode permission bits, for example 0700
 */
public record DirectoryEntry(String path, int mode) implements ManifestEntry {
  public DirectoryEntry {
    EntryPath.check(path);
  }
}
