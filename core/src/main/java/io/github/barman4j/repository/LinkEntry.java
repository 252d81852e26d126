package io.github.barman4j.repository;

/**
 * A symbolic link in a backup: where a tablespace lay on the server.
 *
 * @param target as it was on the server, absolute or not: whoever creates links decides what to make of it
 */
public record LinkEntry(String path, String target) implements ManifestEntry {
  public LinkEntry {
    EntryPath.check(path);
  }
}
