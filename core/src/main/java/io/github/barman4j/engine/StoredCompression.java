package io.github.barman4j.engine;

/** How blocks are compressed in the repository. */
public enum StoredCompression {
  ZSTD,
  NONE
}
