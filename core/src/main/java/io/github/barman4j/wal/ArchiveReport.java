package io.github.barman4j.wal;

import java.util.List;

/**
 * What became of the files of an incoming directory. Each list has file names, in the order in which they were taken.
 *
 * @param archived durable in the archive now, and removed
 * @param present the archive had them already with equal content; removed
 * @param quarantined not what their names say, or other content than the archive has: kept in the quarantine, and removed
 * @param incomplete segments shorter than the cluster's: still being written, or torn; left where they are
 * @param ignored under names that archive_command does not give; left where they are
 */
public record ArchiveReport(
    List<String> archived,
    List<String> present,
    List<Quarantined> quarantined,
    List<String> incomplete,
    List<String> ignored) {
  /**
   * A file that must not be used.
   *
   * @param key where the archive keeps it
   * @param reason in words
   */
  public record Quarantined(String name, String key, String reason) {}

  public ArchiveReport {
    archived = List.copyOf(archived);
    present = List.copyOf(present);
    quarantined = List.copyOf(quarantined);
    incomplete = List.copyOf(incomplete);
    ignored = List.copyOf(ignored);
  }

  /** Whether everything that was to be archived is. */
  public boolean passed() {
    return quarantined.isEmpty() && incomplete.isEmpty();
  }
}
