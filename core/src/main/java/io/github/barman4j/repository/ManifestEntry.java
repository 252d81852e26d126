package io.github.barman4j.repository;

/** One thing in a backup. Paths are relative, with {@code /} between their parts, and cannot lead out of the directory. */
public sealed interface ManifestEntry permits FileEntry, DirectoryEntry, LinkEntry {
  String path();
}
