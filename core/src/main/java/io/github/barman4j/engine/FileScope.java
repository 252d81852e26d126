package io.github.barman4j.engine;

/** Which files of a backup are meant. */
public enum FileScope {
  /** The data directory, its tablespaces, and the configuration from elsewhere. */
  DATA,
  /** All WAL that the archive has from the backup's begin on, without a gap. */
  WAL,
  /** Data, and the WAL up to where the cluster is consistent. */
  STANDALONE,
  /** Data, and all WAL. */
  FULL
}
